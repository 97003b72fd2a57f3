internal import Recommendations
internal import SessionModel

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension ProjectFacts {
  /// What can be looked up where the project lies. Logs from another machine say nothing of this one, so that everything
  /// is unknown there.
  init(of project: String, in world: World) {
    guard world.isFolder(project) else {
      self.init(path: project) { _ in nil }
      return
    }
    let folders = (world.variables["PATH"] ?? "").split(separator: ":").map(String.init)
    self.init(
      path: project,
      // Only what lies inside the project can be told from its folder.
      exists: { $0.hasPrefix(project + "/") ? world.fileExists($0) : nil },
      isInstalled: { program in
        guard !program.contains("/"), !folders.isEmpty else { return nil }
        return folders.contains { world.fileExists($0 + "/" + program) }
      },
      scripts: { folder in
        guard folder == project || folder.hasPrefix(project + "/"), let bytes = world.read(folder + "/package.json"),
          let package = try? JSONDecoder().decode(Package.self, from: Data(bytes))
        else { return nil }
        return Set((package.scripts ?? [:]).keys)
      })
  }

  private struct Package: Decodable { var scripts: [String: String]? }
}
