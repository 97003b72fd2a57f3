import LearnPipeline

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Results go to standard output, everything else to standard error.
enum Terminal {
  static func print(_ text: String, terminator: String = "\n") {
    write(text.printable(keepingColors: colors) + terminator, to: STDOUT_FILENO)
  }

  private static let colors = isColored(.real)

  static func isColored(_ world: World) -> Bool {
    isatty(STDOUT_FILENO) == 1 && world.variables["NO_COLOR", default: ""].isEmpty && world.variables["TERM"] != "dumb"
  }

  /// Whether a person waits for what comes on standard error.
  static func showsProgress(_ world: World) -> Bool {
    isatty(STDERR_FILENO) == 1 && world.variables["NO_COLOR", default: ""].isEmpty && world.variables["TERM"] != "dumb"
  }

  /// The width of the terminal.
  static var columns: Int {
    var size = winsize()
    return unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  /// Replaces the line that was shown before.
  static func showProgress(_ line: String) { write("\r\u{1B}[2K" + line.printable, to: STDERR_FILENO) }

  /// `1 rule`, `2 rules`.
  static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

  static func complain(_ text: String) { write(text.printable + "\n", to: STDERR_FILENO) }

  /// Whether a person types the input.
  static var isInteractive: Bool { isatty(STDIN_FILENO) == 1 }

  /// Shows a question beside the results and reads a line; nil at the end of the input.
  static func prompt(_ question: String) -> String? {
    write(question.printable, to: STDERR_FILENO)
    return readLine()
  }

  /// Writes a file, and the folder that it is to stand in.
  /// - Returns: Whether it could be written.
  static func write(_ text: String, toFile path: String) -> Bool {
    let folder = URL(filePath: path).deletingLastPathComponent()
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return (try? text.write(toFile: path, atomically: true, encoding: .utf8)) != nil
  }

  static func warn(_ text: String) { write("headroom: \(text.printable)\n", to: STDERR_FILENO) }

  private static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = unsafe bytes.withUnsafeBytes { unsafe systemWrite(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      // Nobody reads any more, as in `headroom … | head`.
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }

  static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self).escapedForJSON
  }
}

/// Beside the method of this name the function would have to be called by the name of its module, which differs.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  unsafe write(descriptor, bytes, count)
}
