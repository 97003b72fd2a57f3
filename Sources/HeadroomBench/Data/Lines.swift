internal import TestSupport

/// Lines of text as developers see them all day, some with words that also stand in messages about failures.
enum Lines {
  static let words = """
    account action adapter address amount archive attempt backend balance basket batch billing bridge buffer bundle cache
    catalog channel charge checkout client cluster column comment config context counter country coupon crawler
    credit cursor customer daily dashboard dataset deploy design device digest discount dispatch document domain draft
    driver editor engine entry event export factory feature fetch field filter folder footer format gateway graph group
    handler header helper history import index inventory invoice issue item journal kernel label layout ledger lesson
    level limit listener loader locale logger mailbox manager margin market matrix member merge message metric migration
    mirror model module monitor network notice number object offer option order output owner package panel parcel parser
    partner patch payment period picker pipeline planner player plugin policy pool portal price printer process product
    profile project prompt proxy query queue quota range reader record refund region registry release report request
    reserve result review reward router runner sample schedule schema scope screen search season segment sender server
    session setting shipment signal sketch snapshot socket source sprint stage status stock storage store stream style
    summary supplier switch symbol table target task team template tenant ticket token topic total tracker transfer
    trigger update upload user vendor version viewer volume voucher wallet warehouse webhook widget window worker writer
    """.split(whereSeparator: \.isWhitespace).map(String.init)

  private static let endings = ["ts", "tsx", "py", "go", "rs", "swift", "rb", "java", "md", "json", "yaml", "css"]
  private static let folders = [
    "src", "lib", "app", "internal", "tests", "docs", "web", "server", "packages", "scripts",
  ]

  static func word(_ random: inout SplitMix64) -> String { random.pick(words) }

  static func camel(_ random: inout SplitMix64) -> String {
    word(&random) + (0..<Int.random(in: 1...2, using: &random)).map { _ in word(&random).sentenceCased }.joined()
  }

  static func snake(_ random: inout SplitMix64) -> String { word(&random) + "_" + word(&random) }

  static func path(_ random: inout SplitMix64) -> String {
    let depth = Int.random(in: 1...3, using: &random)
    let middle = (0..<depth).map { _ in word(&random) }.joined(separator: "/")
    return "\(random.pick(folders))/\(middle)/\(camel(&random)).\(random.pick(endings))"
  }

  private static func number(_ range: Range<Int>, _ random: inout SplitMix64) -> Int {
    Int.random(in: range, using: &random)
  }

  private static func sentence(_ random: inout SplitMix64) -> String {
    (0..<number(6..<16, &random)).map { _ in word(&random) }.joined(separator: " ").sentenceCased + "."
  }

  static func code(_ random: inout SplitMix64) -> String {
    let depth = number(0..<5, &random)
    let indent = random.chance(35) ? String(repeating: "\t", count: depth) : String(repeating: "  ", count: depth)
    let (a, b, c) = (camel(&random), camel(&random), word(&random))
    let text =
      switch number(0..<36, &random) {
      case 0, 24, 25: ""
      case 1: "// \(sentence(&random))"
      case 2: "export async function \(a)(\(b): string, options: \(c.sentenceCased)Options = {}) {"
      case 3: "const \(a) = await \(b).\(c)({ id: \"\(snake(&random))\", limit: \(number(1..<500, &random)) });"
      case 4: "if (!\(a)) throw new Error(`\(c) ${\(b)} is not known to this \(word(&random))`);"
      case 5: "def \(snake(&random))(self, \(c), \(word(&random))=None):"
      case 6: "\"\"\"\(sentence(&random)) Raises KeyError where there is none.\"\"\""
      case 7: "for \(c) in sorted(self.\(snake(&random)), key=lambda entry: entry[\"\(word(&random))\"]):"
      case 8:
        "func (s *\(c.sentenceCased)) \(a.sentenceCased)(ctx context.Context, id string) (*\(b.sentenceCased), error) {"
      case 9: "if err != nil { return nil, fmt.Errorf(\"\(c) %q: %w\", id, err) }"
      case 10: "let \(a) = \(b).filter { $0.\(c) > \(number(0..<99, &random)) }.map(\\.\(word(&random)))"
      case 11: "<div className=\"\(c)-\(word(&random)) flex\" onClick={() => set\(a.sentenceCased)(\(b))}>"
      case 12: "import { \(a), \(b) } from \"../\(c)/\(word(&random))\";"
      case 13: "expect(\(a).\(c)).toEqual([\(number(0..<9, &random)), \(number(0..<99, &random))]);"
      case 14: "return \(a) ?? \(b).\(c) ?? null;"
      case 15: "impl \(c.sentenceCased) for \(a.sentenceCased) { type Error = \(b.sentenceCased)Error; }"
      case 16:
        "except (FileNotFoundError, PermissionError) as \(c): log.warning(\"failed to open %s\", \(snake(&random)))"
      case 17: "  \(c): \(word(&random))  # \(word(&random)) of the \(word(&random))"
      case 18: "SELECT \(snake(&random)), count(*) FROM \(snake(&random)) WHERE \(snake(&random)) = 'open' GROUP BY 1;"
      case 19: "const pattern = /^[\\w-]+\\.(\(c)|\(word(&random)))$/;"
      case 20, 21, 26, 27, 28: "}"
      case 29, 30: "return \(a)"
      case 31: "} else {"
      case 32: "\(c): true,"
      case 33: "end"
      case 22: "\(a)(\(b), { \(c): true, timeout: \(number(1..<90, &random)) * 1000 });"
      default: "let \(a): \(b.sentenceCased) = .\(c)(\(number(0..<1000, &random)))"
      }
    return indent + text
  }

  static func test(_ random: inout SplitMix64) -> String {
    switch number(0..<16, &random) {
    case 0:
      "\u{1B}[32m ✓\u{1B}[39m \(path(&random)) \u{1B}[2m(\(number(1..<40, &random)) tests)\u{1B}[22m \(number(2..<900, &random))ms"
    case 1: "tests/test_\(snake(&random)).py::test_\(snake(&random)) PASSED   [ \(number(1..<99, &random))%]"
    case 2: "ok  \tacme.test/shop/internal/\(word(&random))\t0.\(number(100..<999, &random))s"
    case 3: "test \(word(&random))::\(snake(&random)) ... ok"
    case 4: "    ✔ \(word(&random)) keeps the \(word(&random)) of the \(word(&random)) (\(number(1..<90, &random)) ms)"
    case 5: "PASS \(path(&random))"
    case 6: "Tests:       \(number(10..<900, &random)) passed, 0 failed"
    default: "\(number(10..<99, &random)) passing, no errors, \(number(0..<9, &random)) skipped"
    }
  }

  static func build(_ random: inout SplitMix64) -> String {
    switch number(0..<10, &random) {
    case 0: "[\(number(1..<400, &random))/400] Compiling \(word(&random).sentenceCased) \(camel(&random)).swift"
    case 1:
      "\u{1B}[1m\u{1B}[32m   Compiling\u{1B}[0m \(word(&random))-\(word(&random)) v0.\(number(1..<30, &random)).\(number(0..<9, &random))"
    case 2:
      "dist/\(word(&random))-\(String(random.next() >> 32, radix: 16)).js   \(number(1..<900, &random)).\(number(10..<99, &random)) kB │ gzip: \(number(1..<90, &random)).10 kB"
    case 3: "warning: the \(word(&random)) `\(snake(&random))` is never read"
    case 4: "#\(number(5..<30, &random)) [\(number(1..<9, &random))/9] RUN make \(word(&random))"
    case 5:
      "2026-02-\(number(10..<28, &random))T09:12:\(number(10..<59, &random))Z INFO \(word(&random)) listening on port \(number(3000..<9000, &random))"
    default: "> \(word(&random))@1.\(number(0..<30, &random)).0 build\t\(camel(&random))"
    }
  }

  static func listing(_ random: inout SplitMix64) -> String {
    switch number(0..<4, &random) {
    case 0:
      "-rw-r--r--  1 dev dev \(number(100..<90_000, &random)) Mar  \(number(1..<9, &random)) 09:\(number(10..<59, &random)) \(camel(&random)).\(random.pick(endings))"
    case 1: "./\(path(&random))"
    case 2: " M \(path(&random))"
    default:
      "\(String(random.next() >> 36, radix: 16)) \(word(&random)): \(word(&random)) the \(word(&random)) of \(word(&random))"
    }
  }

  static func found(_ random: inout SplitMix64) -> String {
    "\(path(&random)):\(number(1..<900, &random)):\(code(&random))"
  }

  static func data(_ random: inout SplitMix64) -> String {
    let indent = String(repeating: "  ", count: number(1..<5, &random))
    let key = snake(&random)
    return switch number(0..<12, &random) {
    case 0: "\(indent)\"\(key)\": \(number(0..<100_000, &random)),"
    case 1: "\(indent)\"\(key)\": \"\(word(&random)) \(word(&random)) \(word(&random))\","
    case 2: "\(indent)\"\(key)\": { \"\(word(&random))\": true, \"error\": null },"
    case 3: "\(indent)\"path\": \"C:\\\\work\\\\\(word(&random))\\\\\(camel(&random)).cs\","
    default: "\(indent)},"
    }
  }

  static func prose(_ random: inout SplitMix64) -> String {
    switch number(0..<14, &random) {
    case 0, 7: ""
    case 1: "## \(word(&random).sentenceCased) and \(word(&random))"
    case 2: "- **\(word(&random))**: \(sentence(&random))"
    case 3: "在庫の\(word(&random))を確認して、\(word(&random))の更新をもう一度実行します。結果は次の表のとおりです。"
    case 4: "Größe und Qualität der \(word(&random)) prüfen – danach „\(word(&random))“ übernehmen, état : terminé ✅"
    case 5: "| `\(snake(&random))` | \(number(1..<900, &random)) | \(sentence(&random)) |"
    case 6:
      "Run `\(word(&random)) \(word(&random)) --\(word(&random))`: it failed before because of the \(word(&random)), see \(path(&random))."
    default: sentence(&random) + " " + sentence(&random)
    }
  }

  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")

  static func base64(_ random: inout SplitMix64) -> String {
    var bits = random.next()
    return String(
      (0..<64).map { index in
        if index % 10 == 9 { bits = random.next() }
        defer { bits >>= 6 }
        return alphabet[Int(bits & 63)]
      })
  }
}

extension String {
  fileprivate var sentenceCased: String { prefix(1).uppercased() + dropFirst() }
}
