import PatternEngine
import Testing

@testable import Secrets

@Suite("Kinds of secrets")
struct SecretKindTests {
  static let kinds = SecretKind.tokens + SecretKind.inContext

  @Test func thereAreAtLeastAsManyAsTheMainFamilies() {
    #expect(Self.kinds.count >= 90)
    #expect(Set(Self.kinds.map(\.name)).count == Self.kinds.count)
  }

  @Test(arguments: kinds)
  func aKindCompilesAndHasALiteral(kind: SecretKind) throws {
    _ = try Pattern(kind.pattern)
    #expect(!kind.required.isEmpty && kind.required.allSatisfy { $0.count >= RequiredLiterals.minimumLength })
    #expect(!kind.examples.isEmpty)
  }

  @Test(arguments: kinds)
  func whatItSeesIsMaskedAndNothingElse(kind: SecretKind) {
    for template in kind.examples {
      for surrounding in ["%", "error: %", "{\"a\":\"%\"}", "x\n%\ny"] {
        let example = Example(surrounding.replacing("%", with: template))
        let masked = SecretTable([kind]).masked(example.text)
        let before = example.masked.split(separator: SecretScanner.mask, omittingEmptySubsequences: false)[0]
        #expect(masked.hasPrefix(before + SecretScanner.mask) && !masked.contains(example.secret), "\(example.text)")
        // All kinds together may take more of it, never less.
        #expect(!SecretScanner().masked(example.text).contains(example.secret), "\(example.text)")
      }
    }
  }

  /// Two of a kind, too far from each other to be found together, at even and at odd places.
  @Test(arguments: kinds)
  func allOfAKindAreMasked(kind: SecretKind) throws {
    let example = Example(try #require(kind.examples.first))
    for start in ["", " "] {
      for gap in 301...302 {
        let text = start + example.text + "\n" + String(repeating: "-", count: gap) + "\n" + example.text
        #expect(!SecretTable([kind]).masked(text).contains(example.secret), "\(text)")
      }
    }
  }

  /// What leads to a kind, far before one and without one, is no reason to stop looking.
  @Test(arguments: kinds)
  func oneFarBehindItsWordsIsMasked(kind: SecretKind) throws {
    let example = Example(try #require(kind.examples.first))
    let words = kind.required.map { String(decoding: $0.bytes, as: UTF8.self) }.joined(separator: " ")
    let text = words + "\n" + String(repeating: "-", count: 20_000) + "\n" + example.text
    #expect(!SecretTable([kind]).masked(text).contains(example.secret))
  }

  /// Nor are words of it again and again, wherever one look ends and the next one begins.
  @Test(arguments: kinds)
  func oneBehindManyOfItsWordsIsMasked(kind: SecretKind) throws {
    let example = Example(try #require(kind.examples.first))
    let words = kind.required.map { String(decoding: $0.bytes, as: UTF8.self) }.joined(separator: " ")
    let line = words + "\n" + String(repeating: "-", count: 1000) + "\n"
    for length in [16_500, 17_000, 17_500, 33_500, 34_000, 34_500, 51_000] {
      let text = String(String(repeating: line, count: 52).prefix(length)) + "\n" + example.text
      #expect(!SecretTable([kind]).masked(text).contains(example.secret), "behind \(length)")
    }
  }

  @Test(.timeLimit(.minutes(5)), arguments: ["a_token_x ", "password ", "authorization\n", "curl -v "])
  func wordsWithoutSecretsTakeLinearTime(word: String) {
    let text = String(repeating: word, count: 600_000)
    #expect(SecretTable.standard.masked(text) == text)
  }

  @Test(arguments: kinds)
  func whatItMustNotSeeStays(kind: SecretKind) {
    for text in kind.counterexamples { #expect(SecretTable([kind]).masked(text) == text) }
  }
}

extension SecretTable {
  func masked(_ text: String) -> String {
    let bytes = Array(text.utf8)
    let scratch = MatchScratch()
    return SecretScanner.masked(bytes, ranges(in: bytes) { scratch }.sorted { $0.lowerBound < $1.lowerBound })
  }
}

extension SecretKind: CustomTestStringConvertible {
  var testDescription: String { name }
}

@Suite("Masking")
struct SecretScannerTests {
  private let scanner = SecretScanner()

  @Test(arguments: [
    "{40}", "sk-{48}", "hf_{34}", "SG.{22}.{43}", "SK{hex:32}", "export X={48}",
    "postgres://app:{12}@db:5432/shop", "https://user:{8}@example.com/x.git", "redis://:{10}@localhost",
    "amqp://guest:guest@mq",
    "-----BEGIN RSA PRIVATE KEY-----\\n{64}\\n", "jane.doe@example.org", "a+b@mail.example.co.uk",
  ])
  func looseSecretsAreMasked(template: String) {
    let text = Example(template).text
    #expect(scanner.masked("see \(text), then").contains(SecretScanner.mask), "\(text)")
  }

  @Test(arguments: [
    "git@github.com:a/b.git", "https://example.com:8080/a@b", "postgres://app:$PASSWORD@db", "icon@2x.png", "pkg@1.2.3",
    "user@host", "actions/checkout@v4", "@types/node@20.1.0",
    "3f786850e387550fdab836ed7e6dc881de23001b", "550e8400-e29b-41d4-a716-446655440000",
    "ModuleNotFoundError: No module named 'yaml'",
    "/home/u/project/src/components/VeryLongComponentNameWithManyWords.tsx",
    "test_that_something_happens_when_2_users_log_in",
    "-home-dev-Projects-Some-Folder-With-Name-2026-03-02",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "npm ERR! code E404", "postgresql://localhost:5432/shop", "src/auth/password_reset.py:12: error", "tokens: 4096",
    "Unexpected token '}'",
    "useState<HTMLDivElement>(null)", "AbstractSingletonProxyFactoryBeanConfiguration2Test",
    "fatal: Authentication failed for 'https://github.com/a/b'",
  ])
  func ordinaryTextStays(text: String) { #expect(scanner.masked(text) == text) }

  @Test func severalSecretsInOneTextAreMaskedEach() {
    let first = Example("«ghp_{36}»")
    let second = Example("«AKIA{AZ:16}»")
    #expect(scanner.masked("a \(first.text) b \(second.text) c \(first.text)") == "a [secret] b [secret] c [secret]")
  }

  @Test func partsKeepToTheirLimitAndCutNoSecret() {
    let token = Example("«ghp_{36}»").text
    let bytes = Array("aaaa \(token) bbbb".utf8)
    let ranges = scanner.secrets(in: bytes)
    #expect(SecretScanner.masked(bytes, ranges, part: 10..<bytes.count) == "[secret] bbbb")
    #expect(SecretScanner.masked(bytes, ranges, limit: 3) == "aaa")
    #expect(SecretScanner.masked(bytes, ranges, limit: 7) == "aaaa [secret]")
    #expect(SecretScanner.masked(bytes, [], part: 2..<4) == "aa")
    #expect(SecretScanner.masked([], []).isEmpty)
  }

  @Test func bytesThatAreNoTextDoNotStopIt() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      let bytes = (0..<400).map { _ in UInt8.random(in: 0...255, using: &random) }
      _ = scanner.secrets(in: bytes + Array("password=".utf8) + bytes)
    }
  }
}
