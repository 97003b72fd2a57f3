internal import CZstd

/// Unpacks a Zstandard file as it is read: the only door to libzstd. What is held is one window, whatever the file says
/// that it unpacks to.
@safe final class ZstdDecoder {
  private let file: OpenFile
  private let stream: OpaquePointer
  private let input: UnsafeMutableBufferPointer<UInt8>
  private var start = 0
  private var end = 0
  private var isInFrame = false
  /// The last buffer was filled to its end: more may wait inside the decoder.
  private var isHoldingMore = false

  init(_ file: OpenFile) throws(ReadError) {
    guard let stream = unsafe ZSTD_createDStream() else {
      throw ReadError(path: file.path, reason: "there is no memory to unpack it")
    }
    self.file = file
    unsafe self.stream = stream
    unsafe input = .allocate(capacity: ZSTD_DStreamInSize())
  }

  deinit {
    unsafe ZSTD_freeDStream(stream)
    unsafe input.deallocate()
  }

  /// - Returns: How many bytes were unpacked; 0 at the end.
  /// - Throws: `ReadError` when the file is damaged or ends inside a frame.
  func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(ReadError) -> Int {
    while true {
      if start == end, !isHoldingMore {
        start = 0
        end = unsafe try file.read(into: input)
        if end == 0 {
          guard isInFrame else { return 0 }
          isInFrame = false
          throw ReadError(path: file.path, reason: "the archive is cut off")
        }
      }
      var from = unsafe ZSTD_inBuffer(src: input.baseAddress, size: end, pos: start)
      var to = unsafe ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
      let left = unsafe ZSTD_decompressStream(stream, &to, &from)
      guard ZSTD_isError(left) == 0 else {
        throw ReadError(path: file.path, reason: "it is not a whole Zstandard archive")
      }
      unsafe start = from.pos
      isInFrame = left != 0
      isHoldingMore = unsafe to.pos == to.size
      if unsafe to.pos > 0 { return unsafe to.pos }
    }
  }
}
