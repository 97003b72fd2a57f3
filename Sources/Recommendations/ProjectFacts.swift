/// What a machine can say of a project's folder; everything is nil where the folder is not on this machine.
public struct ProjectFacts: Sendable {
  /// Absolute path of the project.
  public var path: String
  /// Whether a path exists; nil when that cannot be known here.
  public var exists: @Sendable (_ absolutePath: String) -> Bool?
  /// Whether a program can be run by its name; nil when that cannot be known here.
  public var isInstalled: @Sendable (_ program: String) -> Bool?
  /// Names of the scripts of the `package.json` in a folder; nil where there is none.
  public var scripts: @Sendable (_ folder: String) -> Set<String>?

  public init(
    path: String, exists: @escaping @Sendable (String) -> Bool?,
    isInstalled: @escaping @Sendable (String) -> Bool? = { _ in nil },
    scripts: @escaping @Sendable (String) -> Set<String>? = { _ in nil }
  ) {
    self.path = path
    self.exists = exists
    self.isInstalled = isInstalled
    self.scripts = scripts
  }
}
