/// The bytes of a log, unpacked when its name says that it is packed.
enum LogBytes {
  case plain(OpenFile)
  case zstd(ZstdDecoder)

  /// - Parameter offset: Where to begin in a file that is not packed.
  init(path: String, from offset: Int = 0) throws(ReadError) {
    let file = try OpenFile(path: path)
    if offset > 0 { try file.seek(to: offset) }
    self = path.hasSuffix(".zst") ? .zstd(try ZstdDecoder(file)) : .plain(file)
  }

  /// - Returns: How many bytes were read; 0 at the end.
  func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(ReadError) -> Int {
    switch self {
    case .plain(let file): unsafe try file.read(into: buffer)
    case .zstd(let decoder): unsafe try decoder.read(into: buffer)
    }
  }

  /// A whole file, for formats that are one JSON document.
  /// - Throws: `ReadError`, also when the file is longer than `limit`.
  static func whole(_ path: String, limit: Int = LogBytes.documentLimit) throws(ReadError) -> [UInt8] {
    let source = try LogBytes(path: path)
    var bytes: [UInt8] = []
    let chunk = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: LineReader.chunk)
    defer { unsafe chunk.deallocate() }
    while true {
      let count = unsafe try source.read(into: chunk)
      guard count > 0 else { return bytes }
      guard bytes.count + count <= limit else {
        throw ReadError(path: path, reason: "it is longer than \(limit >> 20) MiB")
      }
      unsafe bytes.append(contentsOf: UnsafeBufferPointer(rebasing: chunk[..<count]))
    }
  }

  /// Documents seen in real homes stay below 5 MB.
  static let documentLimit = 512 << 20
}
