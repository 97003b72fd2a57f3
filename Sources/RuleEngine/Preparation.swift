internal import RulePack
internal import SessionModel
internal import ShellSyntax

/// What commands do for those that come after them.
extension Invocation {
  /// Whether it is of the kind that makes a command work which failed for want of something: it installs, starts or sets
  /// something up, or for a check puts files right.
  func prepares(for category: Category) -> Bool {
    if category == .lintFailure {
      return Self.formatters.contains(program) || arguments.contains(where: Self.putsRight) || Self.putsRight(program)
    }
    switch program {
    case "git": return arguments.contains { $0 == "submodule" || $0 == "lfs" }
    case "kubectl", "gh", "curl", "ls", "cat", "echo": return false
    // These start the project, and not what it needs.
    case "npm", "pnpm", "yarn", "bun": if arguments.contains("start") { return false }
    default: break
    }
    return ([program] + arguments).contains { Self.fetching.contains($0) || Self.makingReady.contains($0) }
  }

  /// Whether it only fetches or makes what other commands need, and changes nothing that a person wrote: less than what may
  /// help where the failure is known to be one of the environment.
  var fetches: Bool {
    if head.split(separator: " ").contains(where: { $0 == "alembic" || $0 == "flask" }), arguments.contains("upgrade") {
      return true
    }
    let words = arguments.prefix(3) + (program == "npx" ? [] : [program])
    return words.contains { word in
      Self.fetching.contains(word) || Self.endingsOfFetching.contains { word.hasSuffix($0) }
    }
  }

  /// Whether it starts a service that goes on by itself.
  var startsService: Bool {
    switch program {
    case "docker", "docker-compose", "podman", "podman-compose", "nerdctl":
      arguments.contains { ["start", "restart"].contains($0) }
        || arguments.contains { ["up", "run"].contains($0) }
          && arguments.contains { ["-d", "--detach", "--wait"].contains($0) }
    case "redis-server", "mongod": arguments.contains { $0.hasPrefix("--daemonize") || $0 == "--fork" }
    case "make", "just", "task":
      arguments.first.map { Self.namesService($0) || ["db", "services", "infra"].contains($0) } ?? false
    case "npm", "pnpm", "yarn", "bun":
      arguments.first == "run" && arguments.count > 1 && Self.namesService(arguments[1])
    case "systemctl", "service", "brew", "supabase", "pg_ctl", "pg_ctlcluster", "colima", "minikube", "ddev", "lando":
      arguments.contains { ["start", "restart", "up"].contains($0) }
    default: false
    }
  }

  /// Whether it loses something, or opens what was closed: nobody is told to do that first.
  var isHarmful: Bool {
    ([program] + arguments).contains { word in
      word.lowercased().utf8.split { ":=-_/".utf8.contains($0) }.contains { Self.harmful.contains(Substring($0)) }
    }
  }

  /// Whether a script or target is named as one that starts what others need: `up`, `db:start`.
  private static func namesService(_ name: String) -> Bool {
    let parts = name.split { ":-_".contains($0) }
    return (parts.contains("up") || parts.count > 1 && parts.contains("start"))
      && !parts.contains { ["dev", "test", "tests", "lint", "build", "plan", "check", "clean"].contains($0) }
  }

  /// Whether it fills a database, or asks whether a service is there.
  var followsService: Bool {
    ([program] + arguments).contains { word in
      ["ps", "logs", "pg_isready", "psql", "createdb", "inspect", "ping", "db"].contains(word)
        || ["migrat", "seed", "schema", "db:"].contains { word.holds($0) }
    }
  }

  private static func putsRight(_ word: String) -> Bool {
    fixing.contains(word) || word.holds("fmt") || word.holds("format") || word.hasSuffix(":fix")
      || word.hasPrefix("fix:")
  }

  private static let formatters: Set<String> = ["black", "isort", "goimports"]
  private static let fixing: Set<String> = [
    "fix", "--fix", "--write", "-w", "--apply", "--autocorrect", "--unsafe-fixes",
  ]
  private static let fetching: Set<String> = [
    "install", "ci", "sync", "restore", "bootstrap", "migrate", "generate",
  ]
  private static let endingsOfFetching = [
    "migrate", "generate", "codegen", "deps.get", "db:prepare", "db:setup", "db:create",
  ]
  private static let makingReady: Set<String> = [
    "i", "add", "up", "start", "init", "login", "update", "get", "tidy", "setup", "chmod", "mkdir", "fetch", "pull",
    "use",
    "build",
  ]
  private static let harmful: Set<Substring> = [
    "reset", "drop", "prune", "destroy", "purge", "rm", "rmdir", "delete", "uninstall", "777", "force", "hard", "down",
    "production", "prod", "fresh", "wipe", "clean",
  ]
}

/// What commands do for others, by their text.
public enum Preparation {
  /// Whether a command line starts a service that goes on by itself.
  public static func startsService(_ text: String) -> Bool {
    CommandLine(parsing: text).invocations.contains(where: \.startsService)
  }
}
