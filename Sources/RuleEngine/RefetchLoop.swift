public import SessionModel
internal import ShellSyntax

/// The same thing fetched piece by piece: calls that all succeed and differ in nothing but a limit, an offset or a range.
public struct RefetchLoop: Sendable, Hashable {
  public struct Piece: Sendable, Hashable {
    /// A digest of the call's id.
    public var key: UInt64
    public var location: LogLocation
    public var tokens: Int
  }

  /// The path, pattern or command, with `#` for the numbers that changed.
  public var what: String
  public var tool: ToolKind
  /// In the order of the log.
  public var pieces: [Piece]

  public var tokens: Int { pieces.reduce(0) { $0 + $1.tokens } }

  /// From this many pieces on, it is a loop.
  public static let threshold = 4
}

/// Collects refetch loops from the calls of one file; remembers a bounded number of things that were fetched.
struct RefetchTracker {
  private var open: [String: RefetchLoop] = [:]
  private var digests: [String: Set<UInt64>] = [:]
  private var closed: [RefetchLoop] = []

  private static let limit = 256

  mutating func succeeded(_ call: ToolCall, _ line: CommandLine?, tokens: Int) {
    if call.tool == .edit || call.tool == .write || call.tool == .patch {
      // What was changed has to be looked at again.
      if let path = call.input.path { close { $0.what == path } }
      return
    }
    guard let what = Self.subject(of: call, line) else { return }
    let name = "\(call.toolName) \(what)"
    // The very same call again is another kind of loop.
    guard digests[name, default: []].insert(call.input.digest).inserted else { return }
    let piece = RefetchLoop.Piece(key: Digest(of: call.id).value, location: call.location, tokens: tokens)
    open[name, default: RefetchLoop(what: what, tool: call.tool, pieces: [])].pieces.append(piece)
    if open.count > Self.limit { close { $0.pieces.count < RefetchLoop.threshold } }
    if open.count > Self.limit { close { _ in true } }
  }

  /// The loops, in the order of the log.
  mutating func finish() -> [RefetchLoop] {
    close { _ in true }
    return closed.sorted { left, right in
      guard let first = left.pieces.first, let second = right.pieces.first else { return false }
      return (first.location, left.what) < (second.location, right.what)
    }
  }

  private mutating func close(where isDone: (RefetchLoop) -> Bool) {
    for (name, loop) in open where isDone(loop) {
      if loop.pieces.count >= RefetchLoop.threshold { closed.append(loop) }
      open[name] = nil
      digests[name] = nil
    }
  }

  /// What a call fetches a part of; nil when it fetches no part.
  private static func subject(of call: ToolCall, _ line: CommandLine?) -> String? {
    if let invocations = line?.invocations {
      guard let reader = invocations.first(where: { pagers.contains($0.program) && $0.arguments.count > 1 }),
        invocations.allSatisfy({ pagers.contains($0.program) || $0.role != .producer })
      else { return nil }
      let words = [reader.program] + reader.arguments
      let shown = words.joined(separator: " ")
      let masked = numbersMasked(shown)
      return masked == shown ? nil : masked
    }
    guard call.input.range != nil else { return nil }
    return call.input.path ?? call.input.pattern
  }

  /// Programs that show a part of a file.
  private static let pagers: Set<String> = ["sed", "head", "tail"]

  private static func numbersMasked(_ text: String) -> String {
    var masked = ""
    for character in text {
      if character.isNumber {
        if masked.last != "#" { masked.append("#") }
      } else {
        masked.append(character)
      }
    }
    return masked
  }
}

extension RefetchLoop: Stored {
  public static var blank: RefetchLoop { RefetchLoop(what: "", tool: .other, pieces: []) }

  public mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&what)
    fields.visit(&tool)
    fields.visit(&pieces)
  }
}

extension RefetchLoop.Piece: Stored {
  public static var blank: RefetchLoop.Piece { RefetchLoop.Piece(key: 0, location: .blank, tokens: 0) }

  public mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&key)
    fields.visit(&location)
    fields.visit(&tokens)
  }
}

extension RefetchTracker: Stored {
  static var blank: RefetchTracker { RefetchTracker() }

  mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&open)
    fields.visit(&digests)
    fields.visit(&closed)
  }
}
