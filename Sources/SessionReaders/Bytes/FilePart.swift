/// A few bytes out of the middle of a file.
public enum FilePart {
  /// - Returns: nil when they cannot be read, or are not all there.
  public static func bytes(of path: String, from offset: Int, count: Int) -> [UInt8]? {
    guard offset >= 0, count >= 0, let file = try? OpenFile(path: path), (try? file.seek(to: offset)) != nil else {
      return nil
    }
    var bytes = [UInt8](repeating: 0, count: count)
    let filled = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
      var filled = 0
      while filled < count {
        guard let read = unsafe try? file.read(into: UnsafeMutableBufferPointer(rebasing: buffer[filled...])), read > 0
        else { break }
        filled += read
      }
      return filled
    }
    return filled == count ? bytes : nil
  }
}
