import Foundation
import PackagePlugin

/// Carries the packs of the top-level `Rules` folder into the binary. They are reached through a link inside the target,
/// because only files below a target make a build notice that one was added or removed.
@main
struct EmbedRules: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let folder = target.directoryURL.appending(path: "Rules")
    let packs = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".yaml") }
      .sorted()
      .map { folder.appending(path: $0) }
    let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedPacks.swift")
    return [
      .buildCommand(
        displayName: "Embedding \(packs.count) rule packs",
        executable: try context.tool(named: "PackEmbedder").url,
        arguments: [output.path] + packs.map(\.path),
        inputFiles: packs,
        outputFiles: [output])
    ]
  }
}
