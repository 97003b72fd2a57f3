// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] =
  [
    "ExistentialAny",
    "InternalImportsByDefault",
    "MemberImportVisibility",
    "NonisolatedNonsendingByDefault",
  ].map { .enableUpcomingFeature($0) } + [.strictMemorySafety(), .treatAllWarnings(as: .error)]

/// One module of the data path: it imports only what stands in `uses`.
func module(
  _ name: String, uses: [Target.Dependency] = [], exclude: [String] = [], plugins: [Target.PluginUsage] = []
) -> Target {
  .target(name: name, dependencies: uses, exclude: exclude, swiftSettings: settings, plugins: plugins)
}

func tests(_ name: String, uses: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: uses, swiftSettings: settings)
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

/// Where one program holds all that it needs of Swift. Not with toolchains that come without static libraries, and not
/// without network code: the sockets of Foundation would be among the symbols of a program that has no use for them.
let standalone = BuildSettingCondition.when(
  platforms: Context.environment["HEADROOM_SHARED"] == nil ? [.linux] : [], configuration: .release, traits: ["Network"]
)

/// What only a build with network code holds.
let network = TargetDependencyCondition.when(traits: ["Network"])

let package = Package(
  name: "headroom",
  products: [
    .executable(name: "headroom", targets: ["headroom"]),
    .library(name: "HeadroomLearn", targets: ["HeadroomLearn"]),
  ],
  traits: [
    .default(enabledTraits: ["Network"]),
    .trait(name: "Network", description: "Refining lines with a model. Without it the program holds no network code."),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
  ],
  targets: [
    .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"]), .brew(["pcre2"])]),
    module("SessionModel"),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
    .systemLibrary(name: "CSpawn"),
    module("SessionReaders", uses: ["SessionModel", "CSpawn", "CZstd", grdb]),
    module("PatternEngine", uses: ["CPCRE2"]),
    module("RulePack", uses: ["SessionModel", "PatternEngine", yams]),
    // `Rules` is a link to the packs: the plugin reads them, and the build sees when one comes or goes.
    module("BuiltinRules", uses: ["RulePack"], exclude: ["Rules"], plugins: ["EmbedRules"]),
    module("Secrets", uses: ["PatternEngine"]),
    tests("SecretsTests", uses: ["PatternEngine", "Secrets"]),
    module("RuleEngine", uses: ["SessionModel", "PatternEngine", "RulePack", "Secrets", "ShellSyntax"]),
    module("Recommendations", uses: ["SessionModel", "RulePack", "RuleEngine", "Secrets"]),
    module("AnalysisCache", uses: ["SessionModel", "SessionReaders", "RuleEngine", grdb]),
    module("RuleTools", uses: ["SessionModel", "PatternEngine", "RulePack", "RuleEngine", "Secrets", "ShellSyntax"]),
    module("MarkerBlock"),
    module("ShellSyntax"),
    tests("ShellSyntaxTests", uses: ["ShellSyntax"]),
    module("ContextFiles", uses: ["MarkerBlock", "Recommendations"]),
    // Only its headers are needed: the library itself is loaded when a model is asked.
    .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]),
    module("Refinement", uses: ["Recommendations", .target(name: "CCurl", condition: network)]),
    module(
      "LearnPipeline",
      uses: [
        "SessionModel", "SessionReaders", "RulePack", "BuiltinRules", "RuleEngine", "AnalysisCache", "RuleTools",
        "Recommendations", "MarkerBlock", "ContextFiles",
      ]),
    module(
      "HeadroomLearn",
      uses: [
        "SessionModel", "SessionReaders", "RulePack", "RuleEngine", "Recommendations", "ContextFiles", "LearnPipeline",
      ]),
    tests("HeadroomLearnTests", uses: ["HeadroomLearn"]),
    .executableTarget(
      name: "headroom",
      dependencies: [
        "SessionModel", "SessionReaders", "RulePack", "BuiltinRules", "RuleEngine", "RuleTools", "Recommendations",
        "ContextFiles", "LearnPipeline", .target(name: "Refinement", condition: network), argumentParser,
      ],
      // The libraries of Swift are part of the program: it starts in half the time, and needs no Swift where it runs.
      swiftSettings: settings + [.unsafeFlags(["-static-stdlib"], standalone)],
      linkerSettings: [
        .unsafeFlags(["-static-stdlib", "-lCoreFoundation", "-l_FoundationICU", "-lstdc++"], standalone)
      ]),
    .executableTarget(name: "PackEmbedder", dependencies: ["RulePack"], swiftSettings: settings),
    // The benchmark of `make bench`; not a product.
    .executableTarget(name: "HeadroomBench", dependencies: ["TestSupport"], swiftSettings: settings),
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings),
    tests("PatternEngineTests", uses: ["PatternEngine", "TestSupport"]),
    tests("SessionReadersTests", uses: ["SessionModel", "SessionReaders", "TestSupport", "CZstd", grdb]),
    .testTarget(
      name: "RulePackTests",
      dependencies: [
        "SessionModel", "PatternEngine", "RulePack", "BuiltinRules", "RuleEngine", "RuleTools", "TestSupport",
      ],
      exclude: ["Diagnostics"], swiftSettings: settings),
    .testTarget(
      name: "RuleToolTests", dependencies: ["SessionModel", "RulePack", "BuiltinRules", "RuleEngine", "RuleTools"],
      exclude: ["Checks"], swiftSettings: settings),
    tests("RuleEngineTests", uses: ["SessionModel", "PatternEngine", "RulePack", "RuleEngine", "TestSupport"]),
    tests(
      "AnalysisCacheTests",
      uses: [
        "SessionModel", "SessionReaders", "RulePack", "RuleEngine", "AnalysisCache", "Recommendations", "LearnPipeline",
        "TestSupport", grdb,
      ]),
    tests("RecommendationsTests", uses: ["SessionModel", "RulePack", "RuleEngine", "Recommendations", "TestSupport"]),
    tests("RefinementTests", uses: ["RuleEngine", "RulePack", "Recommendations", "Refinement"]),
    tests("MarkerBlockTests", uses: ["MarkerBlock", "TestSupport"]),
    tests("ContextFilesTests", uses: ["ContextFiles", "MarkerBlock", "Recommendations", "RulePack"]),
    tests(
      "HeadroomTests",
      uses: [
        "headroom", "HeadroomBench", "TestSupport", "BuiltinRules", "LearnPipeline", "MarkerBlock", "Recommendations",
        "RuleEngine", "RulePack",
        "Secrets",
        "SessionModel", "SessionReaders",
      ]),
    .plugin(name: "EmbedRules", capability: .buildTool(), dependencies: ["PackEmbedder"], path: "Sources/EmbedRules"),
  ],
  swiftLanguageModes: [.v6]
)
