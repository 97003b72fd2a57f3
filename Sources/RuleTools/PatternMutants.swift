internal import PatternEngine

/// Small changes of a pattern, each one that a careless edit could make:
///
/// - a run of literal text with four letters or more is dropped, unless the pattern can do without it;
/// - the choices between plain words are loosened to any word, all of a pattern together;
/// - the classes of one capture are loosened to any character, and so are all classes outside captures together;
/// - an anchor or word boundary is removed.
///
/// The case of a letter, and classes that only end a quoted value, are not changed: hardly a text would show it.
/// What a name of the pack stands for is left alone: it is shared by many patterns, and no single rule has to show it.
struct PatternMutants {
  enum Kind: String, Sendable, CaseIterable {
    case literal = "literal dropped"
    case words = "words loosened"
    case set = "class loosened"
    case anchor = "anchor removed"
  }

  struct Mutant: Sendable {
    var kind: Kind
    var source: String
  }

  private let shape: PatternShape
  private var mutants: [Mutant] = []
  private var words: [Range<Int>] = []
  /// By the place of the capture, -1 outside of captures.
  private var sets: [Int: [Range<Int>]] = [:]

  static func of(_ source: String) -> [Mutant] {
    guard let shape = PatternShape(source) else { return [] }
    var run = PatternMutants(shape: shape)
    run.walk(shape.parts, capture: -1, isNeeded: true)
    run.add(.words, run.words, "\\S+")
    for (_, ranges) in run.sets.sorted(by: { $0.key < $1.key }) { run.add(.set, ranges, ".") }
    return run.mutants
  }

  private init(shape: PatternShape) { self.shape = shape }

  private mutating func add(_ kind: Kind, _ ranges: [Range<Int>], _ text: String) {
    guard !ranges.isEmpty else { return }
    let source = shape.replacing(ranges, with: text)
    if !source.isEmpty, (try? Pattern(source)) != nil { mutants.append(Mutant(kind: kind, source: source)) }
  }

  private mutating func walk(_ parts: [PatternShape.Part], capture: Int, isNeeded: Bool) {
    var run: (range: Range<Int>, letters: Int)?
    func finish(_ walker: inout PatternMutants) {
      if let run, run.letters >= 4, isNeeded { walker.add(.literal, [run.range], "") }
      run = nil
    }
    for part in parts {
      if case .character(let scalar, let range) = part {
        let known = run ?? (range, 0)
        run = (known.range.lowerBound..<range.upperBound, known.letters + (scalar.properties.isAlphabetic ? 1 : 0))
        continue
      }
      finish(&self)
      switch part {
      case .set(let range) where !isAnything(range) && !isCaseClass(range): sets[capture, default: []].append(range)
      case .assertion(let range): add(.anchor, [range], "")
      case .choice(let branches, let inside):
        if branches.count > 1, inside.count < shape.scalars.count, branches.allSatisfy(Self.isWord) {
          words.append(inside)
        } else {
          let isCapture = shape.opensCapture(before: inside.lowerBound)
          for branch in branches {
            walk(branch, capture: isCapture && capture < 0 ? inside.lowerBound : capture, isNeeded: isNeeded)
          }
        }
      case .repeated(let body, let minimum, _): walk([body], capture: capture, isNeeded: isNeeded && minimum > 0)
      default: break
      }
    }
    finish(&self)
  }

  /// A phrase, or a word in which classes stand for some of its letters.
  private static func isWord(_ branch: [PatternShape.Part]) -> Bool {
    func isText(_ part: PatternShape.Part) -> Bool { if case .character = part { true } else { false } }
    func isPiece(_ part: PatternShape.Part) -> Bool {
      switch part {
      case .character(let scalar, _): scalar != " "
      case .set: true
      case .repeated(.character, _, _), .repeated(.set, _, _): true
      default: false
      }
    }
    func isLetter(_ part: PatternShape.Part) -> Bool {
      if case .character(let scalar, _) = part { scalar.properties.isAlphabetic } else { false }
    }
    return !branch.isEmpty
      && (branch.allSatisfy(isText) || (branch.allSatisfy(isPiece) && branch.contains(where: isLetter)))
  }

  /// The dot, or a class that shuts out line ends and quotes alone: what such a class stops at is the end of a quoted
  /// value, and only a line that says the same twice would show the difference.
  private func isAnything(_ range: Range<Int>) -> Bool {
    let text = shape.source(range)
    guard text.hasPrefix("[^") else { return text == "." }
    return text.dropFirst(2).dropLast().replacing("\\n", with: "").allSatisfy { "'\"`‘’“”«»".contains($0) }
  }

  /// A class such as `[Nn]`, for one letter in either case.
  private func isCaseClass(_ range: Range<Int>) -> Bool {
    let text = shape.source(range).dropFirst().dropLast()
    return text.count == 2 && Set(text.lowercased()).count == 1 && text.first?.isLetter == true
  }
}

extension PatternShape {
  /// Whether what starts here is the inside of a named group.
  fileprivate func opensCapture(before start: Int) -> Bool {
    guard start > 0, scalars[start - 1] == ">", let open = scalars[..<start].lastIndex(of: "(") else { return false }
    return scalars[open..<start].starts(with: "(?<".unicodeScalars)
      || scalars[open..<start].starts(with: "(?P<".unicodeScalars)
  }
}
