internal import PatternEngine
internal import RulePack
internal import Synchronization

/// The patterns of all rules, and the literals that lead to them: those that are written alike are compiled, and looked
/// for, once.
final class PatternPool: Sendable {
  private struct Numbers {
    var known: [Literal: Int] = [:]
    var literals: [Literal] = []
  }

  private let known: Mutex<[String: LazyPattern]>
  private let knownNames = Mutex<[String: NameTest]>([:])
  private let numbers = Mutex(Numbers())

  /// - Parameter rules: How many rules are about to bring theirs.
  init(rules: Int) { known = Mutex(Dictionary(minimumCapacity: 4 * rules)) }

  func names(_ text: PatternText) -> NameTest {
    let pattern = pattern(text)
    return knownNames.withLock { known in
      if let names = known[text.source] { return names }
      let names = NameTest(pattern)
      known[text.source] = names
      return names
    }
  }

  func pattern(_ text: PatternText) -> LazyPattern {
    known.withLock { known in
      if let pattern = known[text.source] { return pattern }
      let pattern = LazyPattern(text.source)
      known[text.source] = pattern
      return pattern
    }
  }

  /// Literals by their numbers.
  var literals: [Literal] { numbers.withLock { $0.literals } }

  func numbers(of literals: [Literal]) -> [Int] {
    numbers.withLock { numbers in
      literals.map { literal in
        if let number = numbers.known[literal] { return number }
        let number = numbers.literals.count
        numbers.known[literal] = number
        numbers.literals.append(literal)
        return number
      }
    }
  }
}

/// What a rule asks of the name of a program. Most list some names, which are looked up and not matched.
final class NameTest: Sendable {
  let pattern: LazyPattern
  private let list = MadeOnce<Set<String>?>()

  init(_ pattern: LazyPattern) { self.pattern = pattern }

  /// nil for a pattern that lists no names.
  var listed: Set<String>? { list.value { ListedTexts.of(pattern.source) } }
}
