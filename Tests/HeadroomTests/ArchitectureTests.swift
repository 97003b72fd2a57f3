import Foundation
import Testing

/// The shape of the repository, kept by reading it.
struct ArchitectureTests {
  /// What each module may import beside the standard library and Foundation.
  private static let imports: [String: Set<String>] = [
    "SessionModel": [],
    "ShellSyntax": [],
    "MarkerBlock": [],
    "PatternEngine": ["CPCRE2"],
    "Secrets": ["PatternEngine"],
    "SessionReaders": ["SessionModel", "CSpawn", "CZstd", "GRDB"],
    "RulePack": ["SessionModel", "PatternEngine", "Yams"],
    "BuiltinRules": ["RulePack"],
    "RuleEngine": ["SessionModel", "PatternEngine", "RulePack", "Secrets", "ShellSyntax"],
    "AnalysisCache": ["SessionModel", "SessionReaders", "RuleEngine", "GRDB"],
    "RuleTools": ["SessionModel", "PatternEngine", "RulePack", "RuleEngine", "Secrets", "ShellSyntax"],
    "Recommendations": ["SessionModel", "RulePack", "RuleEngine", "Secrets"],
    "ContextFiles": ["MarkerBlock", "Recommendations"],
    "Refinement": ["Recommendations", "CCurl"],
    "LearnPipeline": [
      "SessionModel", "SessionReaders", "RulePack", "BuiltinRules", "RuleEngine", "AnalysisCache", "RuleTools",
      "Recommendations", "MarkerBlock", "ContextFiles",
    ],
    "HeadroomLearn": [
      "SessionModel", "SessionReaders", "RulePack", "RuleEngine", "Recommendations", "ContextFiles", "LearnPipeline",
    ],
    "headroom": [
      "SessionModel", "SessionReaders", "RulePack", "BuiltinRules", "RuleEngine", "RuleTools", "Recommendations",
      "ContextFiles", "LearnPipeline", "Refinement", "ArgumentParser",
    ],
    "HeadroomBench": ["TestSupport"],
    "PackEmbedder": ["RulePack"],
    "EmbedRules": ["PackagePlugin"],
    "CPCRE2": [],
    "CSpawn": [],
    "CZstd": [],
    "CCurl": [],
  ]

  private static let system: Set<String> = [
    "Foundation", "FoundationEssentials", "Glibc", "Musl", "Darwin", "Synchronization", "Dispatch",
  ]

  /// Modules that work on values alone, without the system.
  private static let pure: Set<String> = ["ShellSyntax", "MarkerBlock", "Recommendations"]

  private static func swiftFiles() throws -> [(path: String, text: String)] {
    try Repository.files(below: Repository.sources).filter { $0.hasSuffix(".swift") }
      .map { ($0, try Repository.text(Repository.sources.appending(path: $0))) }
  }

  @Test func everyModuleIsKnown() throws {
    #expect(try Set(Repository.entries(of: Repository.sources)) == Set(Self.imports.keys))
  }

  @Test func modulesImportOnlyWhatTheyMay() throws {
    for (path, text) in try Self.swiftFiles() {
      let module = String(path.prefix { $0 != "/" })
      let allowed = (Self.imports[module] ?? []).union(Self.pure.contains(module) ? [] : Self.system)
      for line in text.split(separator: "\n") {
        let words = line.split(separator: " ").filter {
          !["public", "internal", "package", "private", "@testable"].contains($0)
        }
        guard words.first == "import", words.count > 1, let imported = words[1].split(separator: ".").first else {
          continue
        }
        #expect(allowed.contains(String(imported)), "\(path) imports \(imported)")
      }
    }
  }

  @Test(arguments: ["try!", "fatalError(", "as!", "TODO", "FIXME", "preconditionFailure("])
  func sourcesAreFreeOf(_ word: String) throws {
    for (path, text) in try Self.swiftFiles() {
      for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      where line.contains(word) {
        Issue.record("\(path):\(number + 1): \(line)")
      }
    }
  }

  /// Only `Refinement` reaches the network, in the one file that knows libcurl.
  @Test(arguments: ["URLSession", "FoundationNetworking", "import Network", "socket(", "getaddrinfo", "NWConnection"])
  func sourcesDoNotName(_ word: String) throws {
    for (path, text) in try Self.swiftFiles() { #expect(!text.contains(word), "\(path)") }
  }

  @Test func oneFileKnowsLibcurl() throws {
    let found = try Self.swiftFiles().filter { $0.text.contains("curl_") || $0.text.contains("import CCurl") }
    #expect(found.map(\.path) == ["Refinement/HTTP/CurlClient.swift"])
    // All of it is left out of a build without the trait.
    #expect(found.allSatisfy { $0.text.hasPrefix("#if Network\n") && $0.text.hasSuffix("#endif\n") })
    for (path, text) in try Self.swiftFiles() where path.hasPrefix("headroom/") && text.contains("import Refinement") {
      #expect(text.contains("#if Network\n  import Refinement\n#endif\n"), "\(path)")
    }
  }

  /// No other module starts a program that could; plugins are the user's own, and the benchmark is not installed.
  @Test func onlyRefinementStartsPrograms() throws {
    let starters = ["Refinement/", "HeadroomBench/", "SessionReaders/External/ProgramRun.swift"]
    for (path, text) in try Self.swiftFiles()
    where !starters.contains(where: { path.hasPrefix($0) }) {
      for word in ["Process()", "posix_spawn", "popen(", "execv"] {
        #expect(!text.contains(word), "\(path)")
      }
    }
  }

  /// Two files know SQLite: the one that reads other programs' databases, and the one that keeps results.
  @Test func twoFilesKnowSQLite() throws {
    let found = try Self.swiftFiles().filter { $0.text.contains("import GRDB") }
    #expect(found.map(\.path) == ["AnalysisCache/CacheFile.swift", "SessionReaders/SQLite/LogDatabase.swift"])
  }

  @Test func topLevelHoldsOnlyWhatItMay() throws {
    let allowed: Set<String> = [
      "Package.swift", "Package.resolved", "Sources", "Tests", "Rules", "Fixtures", "README.md", "Makefile",
      "CHANGELOG.md",
    ]
    #expect(try Set(Repository.entries(of: Repository.root)).isSubset(of: allowed))
  }

  @Test func readmeNamesEveryModule() throws {
    let readme = try Repository.text(Repository.root.appending(path: "README.md"))
    // Two build the packs in; the others are C headers.
    let bindings: Set = ["PackEmbedder", "EmbedRules", "CPCRE2", "CSpawn", "CZstd", "CCurl"]
    for module in Self.imports.keys where !bindings.contains(module) {
      #expect(readme.contains("- `\(module)`: "), "\(module)")
    }
  }

  /// Sessions in the fixtures are made up: nobody's home but that of `dev`.
  @Test func fixturesNameNoRealPlace() throws {
    for path in try Repository.files(below: Repository.fixtures) where path.hasSuffix(".jsonl") {
      let text = try Repository.text(Repository.fixtures.appending(path: path))
      for mark in ["/home/", "/Users/"] {
        for rest in text.split(separator: mark).dropFirst() {
          let owner = rest.prefix { $0.isLetter || $0.isNumber }
          #expect(owner == "dev" || owner.isEmpty, "\(path): \(mark)\(owner)")
        }
      }
    }
  }
}
