/// Colours for a terminal, or none.
public struct TextStyle: Sendable {
  private let isColored: Bool

  public init(isColored: Bool) { self.isColored = isColored }

  static let codes = ["[0m", "[1m", "[2m", "[31m", "[32m", "[33m", "[36m"]

  func bold(_ text: String) -> String { paint(text, "1") }
  func dim(_ text: String) -> String { paint(text, "2") }
  func id(_ text: String) -> String { paint(text, "36") }
  func warn(_ text: String) -> String { paint(text, "33") }

  func diff(_ line: String) -> String {
    switch line.first {
    case "+": paint(line, "32")
    case "-": paint(line, "31")
    case "@": paint(line, "36")
    default: line.printable
    }
  }

  private func paint(_ text: String, _ code: String) -> String {
    isColored ? "\u{1B}[\(code)m\(text.printable)\u{1B}[0m" : text.printable
  }
}
