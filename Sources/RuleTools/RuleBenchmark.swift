internal import PatternEngine
internal import RuleEngine
public import RulePack
public import SessionModel

/// What a large set of rules costs on each output, beside a small one: both measured in one run, in turns, so that
/// whatever else the machine does meets both.
public struct RuleBenchmark {
  /// The cost of one set of rules.
  public struct Row: Sendable {
    public var rules: Int
    public var microseconds: Double
  }

  public struct Report: Sendable {
    public var small: Row
    public var large: Row
    public var outputs: Int
    public var ratio: Double { large.microseconds / small.microseconds }
  }

  private let rules: [Rule]

  /// - Parameter rules: The rules to take, and to make more of the same shape from.
  public init(rules: [Rule]) { self.rules = rules.filter { !$0.when.readsMessages } }

  /// - Parameter calls: What the sets are tried on.
  public func run(on calls: [ToolCall], small: Int = 60, large: Int = 1000, rounds: Int = 15) -> Report {
    let step = max(1, rules.count / small)
    let few = stride(from: 0, to: rules.count, by: step).prefix(small).map { rules[$0] }
    let classifiers = [Classifier(rules: few), Classifier(rules: grown(to: large))]
    let scratch = ClassifierScratch()
    var best = [Duration.seconds(1000), Duration.seconds(1000)]
    for _ in 0..<rounds {
      for (index, classifier) in classifiers.enumerated() {
        let begin = ContinuousClock.now
        for call in calls { _ = classifier.verdict(on: call, scratch: scratch) }
        best[index] = min(best[index], ContinuousClock.now - begin)
      }
    }
    func row(_ index: Int) -> Row {
      Row(
        rules: classifiers[index].rules.count,
        microseconds: best[index].milliseconds * 1000 / Double(max(1, calls.count)))
    }
    return Report(small: row(0), large: row(1), outputs: calls.count)
  }

  /// A rule file which, beside the built-in packs, leaves so many rules in use: it leaves rules out, or adds more of the
  /// same shape.
  public static func layer(of count: Int, from rules: [Rule]) -> String {
    let matching = rules.filter { !$0.when.output.isEmpty && !$0.when.readsMessages }
    guard count > rules.count else {
      let step = max(1, rules.count / max(1, count))
      let kept = Set(stride(from: 0, to: rules.count, by: step).prefix(count).map { rules[$0].id })
      return "pack: bench\ndisable: [\(rules.map(\.id).filter { !kept.contains($0) }.joined(separator: ", "))]\n"
    }
    var lines = ["pack: bench", "rules:"]
    for index in 0..<(matching.isEmpty ? 0 : count - rules.count) {
      let rule = turned(matching[index % matching.count], by: index / matching.count + 1)
      lines += ["  - id: bench/rule-\(index)", "    category: \(rule.category?.rawValue ?? "other")", "    when:"]
      if !rule.when.tools.isEmpty { lines.append("      tool: [\(rule.when.tools.joined(separator: ", "))]") }
      lines.append("      output:")
      lines += rule.when.output.map { "        - \(RuleDraft.quoted($0.source))" }
      lines.append("    examples: [{ tool: shell, output: nothing, matches: false }]")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A figure for people.
  public static func text(_ number: Double) -> String { number.rounded(to: 2) }

  /// The rules, and copies of them that look for other words of the same shape.
  private func grown(to count: Int) -> [Rule] {
    var grown = Array(rules.prefix(count))
    var turn = 1
    while grown.count < count, !rules.isEmpty {
      for rule in rules.prefix(count - grown.count) { grown.append(Self.turned(rule, by: turn)) }
      turn += 1
    }
    return grown
  }

  private static func turned(_ rule: Rule, by turn: Int) -> Rule {
    var copy = rule
    copy.id += "-\(turn)"
    for index in copy.when.output.indices {
      let source = turned(copy.when.output[index].source, by: turn)
      copy.when.output[index] = PatternText(source: source, literals: RequiredLiterals.of(source))
    }
    return copy
  }

  /// Each word of the literal text with its consonants moved on in the alphabet: as long and as frequent as a word of a
  /// message, and another one.
  private static func turned(_ source: String, by turn: Int) -> String {
    guard let shape = PatternShape(source) else { return source }
    let consonants = Array("bcdfghjklmnpqrstvwxz".unicodeScalars)
    var scalars = shape.scalars
    for range in shape.letters {
      let scalar = scalars[range.lowerBound]
      guard range.count == 1, let place = consonants.firstIndex(of: scalar) else { continue }
      scalars[range.lowerBound] = consonants[(place + turn) % consonants.count]
    }
    let source = PatternShape.text(scalars)
    return (try? Pattern.check(source)) == nil ? shape.source(0..<shape.scalars.count) : source
  }

  /// Calls as sessions have them. Of 24,600 calls in the published transcripts of four agents, one in fourteen failed,
  /// thirty rules explaining two of three; nearly half used other tools than the shell. Of the commands that went well,
  /// two in five only showed files, pages or changes. Half of all commands had less than 65 bytes, one in ten 390 and
  /// more; half of the outputs had less than 250 bytes, one in ten more than 7,000, and those of the shell 2,400 on
  /// average.
  public func madeCalls() -> [ToolCall] {
    let examples = rules.flatMap { rule in
      rule.examples.filter { !$0.output.isEmpty }.map { ExampleRunner.call(of: $0, rule) }
    }
    guard !examples.isEmpty else { return [] }
    return (0..<1400).map { index in
      let fails = index % 14 == 0
      let lines = Self.lines[index / 5 % Self.lines.count] / (fails ? 4 : 1)
      let example = fails && index % 3 != 0 ? index % 30 * 131 : index * 7
      var call = examples[example % examples.count]
      call.id = "call\(index)"
      if fails {
        call.output = Self.quiet(lines, from: index) + call.output
        if call.outcome == .succeeded { call.outcome = .failed }
      } else {
        if index % 5 < 2 { (call.tool, call.toolName) = (.read, "Read") }
        if index % 5 == 4 { call.input.text = Self.showing[index / 5 % Self.showing.count] }
        // Some show text about an error, or fail and the line does not say so.
        let isAboutError = index % 20 == 2
        call.output = Self.quiet(lines, from: index) + (isAboutError ? call.output : "")
        (call.outcome, call.exitStatus) = (.succeeded, nil)
      }
      if call.tool == .shell { call.input.text = Self.line(around: call.input.text, index) }
      call.outputBytes = call.output.utf8.count
      return call
    }
  }

  /// How many lines outputs have.
  private static let lines = [1, 2, 3, 4, 6, 8, 14, 30, 160, 350]

  private static let showing = [
    "sed -n '1,240p' packages/checkout/src/basket.ts", "rg -n \"addItem\\(\" packages", "git diff -- packages/checkout",
    "cat docs/architecture/overview.md",
  ]

  /// A command as agents write it: half of them by itself, others among some that only prepare it or cut its output, one
  /// in ten with a script.
  private static func line(around command: String, _ index: Int) -> String {
    switch index % 10 {
    case 0, 2, 6, 8:
      "cd /home/dev/src/shop/packages/checkout && SHOP_STAGE=test \(command) 2>&1 | grep -v 'node_modules' | tail -40"
    case 4: "cd /home/dev/src/shop && python3 - <<'EOF'\n\(quiet(20, from: index))EOF\n\(command)"
    default: command
    }
  }

  /// Lines that say nothing of interest, no two outputs the same: what repeats is learned by the processor.
  private static func quiet(_ count: Int, from seed: Int) -> String {
    (0..<count).reduce(into: "") { text, line in
      let number = Int(Digest(of: "\(seed) \(line)").value % 9973)
      text += quietLines[number % quietLines.count].replacing("#", with: String(number)) + "\n"
    }
  }

  private static let quietLines = [
    "[#/10400] Compiling Store Warehouse.swift", "src/shop/cart.py:#: note: defined here",
    "ok  \tgithub.com/acme/shop/internal/cart\t0.#s", "-rw-r--r--  1 dev dev   # Mar  3 09:12 package.json",
    "test checkout::adds_tax ... ok", "2026-03-03T09:12:44Z INFO listening on http://127.0.0.1:# (pid 4711)",
    "drwxr-xr-x 14 dev dev 4096 Nov 12 17:0# node_modules", "    let total = items.map(\\.price).reduce(0, +) // #",
    "  \"version\": \"1.4.#\",", "M  Sources/Shop/Checkout/Basket+Totals.swift", "#\tdef test_total(self, client):",
    "   Compiling serde_json v1.0.#", "tests/unit/test_cart.py::test_adds_tax[#] PASSED",
    "diff --git a/web/src/App.tsx b/web/src/App.tsx", "index 3f2a1c9..# 100644",
    "@@ -#,7 +12,9 @@ export function Basket() {",
    "+  const [open, setOpen] = useState(false)", "./docs/architecture/overview-#.md", "Done in #ms",
    "web/src/components/Basket.tsx:#:  return <List items={items} />", "  ✓ renders the basket (# ms)",
    "commit 9fceb02d0ae598e95dc970b74767f19372d61af8", "Author: Ada <ada@example.com>", "total #",
  ]
}

extension PatternShape {
  /// Where the characters of the literal text stand, those inside groups too.
  fileprivate var letters: [Range<Int>] {
    func inside(_ parts: [Part]) -> [Range<Int>] {
      parts.flatMap { part -> [Range<Int>] in
        switch part {
        case .character(_, let range): [range]
        case .choice(let branches, _), .named(let branches): branches.flatMap(inside)
        case .repeated(let body, _, _): inside([body])
        default: []
        }
      }
    }
    return inside(parts)
  }
}
