/// How the words of a program with subcommands are made.
struct CommandShape {
  /// Options that take the next word and may stand before the subcommand.
  var valued: Set<String> = []
  /// Subcommands that have subcommands: `docker compose up`, `npm run build`.
  var groups: Set<String> = []
  /// Subcommands that run another command: `uv run`, `bundle exec`.
  var runners: Set<String> = []
  /// How many words its subcommands have at most, groups aside.
  var depth = 1
  /// Its first words, when what stands there is not always a subcommand.
  var only: Set<String>?
  /// All its arguments are another command: `npx`.
  var isRunner = false
  /// The other command stands after `--`.
  var needsDashes = false
  /// `-m module`.
  var takesModule = false
  /// `NAME=value` is a setting: `make CC=gcc all`.
  var takesSettings = false

  static func named(_ name: String) -> CommandShape? {
    if name.hasSuffix(".exe") { return named(String(name.dropLast(4))) }
    if let shape = table[name] { return shape }
    if name.hasPrefix("python") || name.hasPrefix("pypy") {
      let version = name.utf8.drop { Byte.isLetter($0) }
      return version.allSatisfy { Byte.isDigit($0) || $0 == Byte.dot } ? python : nil
    }
    return name.hasPrefix("pip") && name.utf8.dropFirst(3).allSatisfy { Byte.isDigit($0) || $0 == Byte.dot }
      ? CommandShape() : nil
  }

  private static let python = CommandShape(valued: ["-c", "-W", "-X"], takesModule: true)
  private static let plain = CommandShape()
  private static let pairs = CommandShape(depth: 2)
  private static let runner = CommandShape(valued: ["-p", "--package", "--from", "--with", "-c"], isRunner: true)

  private static let table: [String: CommandShape] = {
    var table = special
    for name in plainNames.split(separator: " ") { table[String(name)] = plain }
    for name in pairNames.split(separator: " ") { table[String(name)] = pairs }
    return table
  }()

  private static let plainNames = """
    apt apt-get dnf yum apk pacman zypper snap port mvn mvnw  gradle gradlew just task rake rails ant sbt mix \
    lein vercel railway netlify expo eas ng lerna tmux adb launchctl alembic pre-commit ollama openssl hugo jekyll \
    vagrant packer pod fastlane ansible-galaxy svn hg jj bd gt workmux entire changeset playwright prisma drizzle-kit \
    vite next astro webpack storybook twine tox nox buf sqlx diesel wasm-pack trunk \
    act dagger earthly tilt skaffold minikube k3d manage.py cypress medusa shopify cdk sam sst nest django-admin
    """

  private static let pairNames = "gh glab aws supabase firebase fly flyctl heroku doctl wrangler pulumi argocd flux op"

  private static let special: [String: CommandShape] = [
    "git": CommandShape(
      valued: ["-C", "-c", "--git-dir", "--work-tree", "--namespace"],
      groups: ["stash", "remote", "worktree", "submodule", "bisect", "notes", "lfs", "sparse-checkout", "reflog"]),
    "npm": CommandShape(
      valued: ["--prefix", "-C", "-w", "--workspace"], groups: ["run", "run-script", "config", "cache"],
      runners: ["exec", "x"]),
    "yarn": CommandShape(valued: ["--cwd"], groups: ["run", "config", "cache"], runners: ["exec", "dlx"]),
    "pnpm": CommandShape(
      valued: ["-C", "--dir", "--filter", "-F"], groups: ["run", "config", "store"], runners: ["exec", "dlx"]),
    "bun": CommandShape(valued: ["--cwd", "--filter"], groups: ["run", "pm"], runners: ["x"]),
    "deno": CommandShape(groups: ["task"]),
    "rtk": runner, "npx": runner, "bunx": runner, "uvx": runner, "pnpx": runner,
    "xcrun": CommandShape(valued: ["--sdk", "-sdk", "--toolchain"], isRunner: true),
    "simctl": plain, "devicectl": pairs,
    "uv": CommandShape(
      valued: [
        "--directory", "--project", "--with", "--python", "-p", "--extra", "--group", "--env-file", "--package",
      ],
      groups: ["pip", "tool", "python", "cache"], runners: ["run"]),
    "poetry": CommandShape(valued: ["-C", "--directory"], groups: ["env", "self", "config"], runners: ["run"]),
    "pdm": CommandShape(runners: ["run"]),
    "rye": CommandShape(runners: ["run"]),
    "pipenv": CommandShape(runners: ["run"]),
    "hatch": CommandShape(valued: ["-e", "--env"], groups: ["env"], runners: ["run"]),
    "pixi": CommandShape(runners: ["run"]),
    "pipx": CommandShape(valued: ["--spec"], runners: ["run"]),
    "conda": CommandShape(valued: ["-n", "--name", "-p", "--prefix"], groups: ["env"], runners: ["run"]),
    "mamba": CommandShape(valued: ["-n", "--name", "-p", "--prefix"], groups: ["env"], runners: ["run"]),
    "bundle": CommandShape(groups: ["config"], runners: ["exec"]),
    "mise": CommandShape(runners: ["exec", "x"], needsDashes: true),
    "rtx": CommandShape(runners: ["exec", "x"], needsDashes: true),
    "asdf": CommandShape(groups: ["plugin"], runners: ["exec"]),
    "make": CommandShape(valued: ["-C", "-f", "--directory", "--file", "-I", "-o", "-W"], takesSettings: true),
    "gmake": CommandShape(valued: ["-C", "-f"], takesSettings: true),
    "ninja": CommandShape(valued: ["-C", "-f", "-j"]),
    "cargo": CommandShape(valued: ["-Z", "--config", "--color"], groups: ["nextest", "llvm-cov"]),
    "go": CommandShape(valued: ["-C"], groups: ["mod", "work", "tool"]),
    "swift": CommandShape(groups: ["package"], only: ["build", "test", "run", "package", "format", "sdk"]),
    "rustup": CommandShape(groups: ["toolchain", "target", "component", "override"]),
    "dotnet": CommandShape(groups: ["ef", "tool", "nuget", "sln", "workload", "new", "user-secrets"]),
    "docker": CommandShape(
      valued: ["-H", "--host", "-f", "--file", "-p", "--project-name", "--profile", "--context", "--env-file"],
      groups: ["compose", "container", "image", "volume", "network", "buildx", "system", "context", "builder"]),
    "docker-compose": CommandShape(valued: ["-f", "--file", "-p", "--project-name", "--profile", "--env-file"]),
    "podman": CommandShape(groups: ["compose", "container", "image", "volume", "network", "machine", "system"]),
    "kubectl": CommandShape(
      valued: ["-n", "--namespace", "--context", "--kubeconfig"],
      groups: ["get", "describe", "delete", "create", "rollout", "config", "top"]),
    "helm": CommandShape(valued: ["-n", "--namespace", "--kube-context"], groups: ["repo", "plugin", "get"]),
    "terraform": CommandShape(groups: ["state", "workspace", "providers"]),
    "tofu": CommandShape(groups: ["state", "workspace", "providers"]),
    "gcloud": CommandShape(valued: ["--project", "--account", "--configuration"], depth: 3),
    "az": CommandShape(valued: ["--subscription"], depth: 3),
    "systemctl": CommandShape(valued: ["-H", "--host", "-M"]),
    "brew": CommandShape(groups: ["services", "bundle"]),
    "flutter": CommandShape(groups: ["pub", "build"]),
    "dart": CommandShape(
      groups: ["pub"], only: ["pub", "run", "test", "analyze", "format", "fix", "compile", "create"]),
    "php": CommandShape(groups: ["artisan"], only: ["artisan"]),
    "composer": CommandShape(valued: ["-d", "--working-dir"], groups: ["run", "run-script"]),
    // Without one of these words they take files.
    "biome": CommandShape(only: ["check", "ci", "format", "lint", "migrate"]),
    "ruff": CommandShape(only: ["check", "format", "rule", "server"]),
    "vitest": CommandShape(only: ["run", "watch", "dev", "related", "bench", "list"]),
    "golangci-lint": CommandShape(only: ["run", "fmt", "linters", "migrate"]),
    "turbo": CommandShape(valued: ["--filter", "-F"], groups: ["run"]),
    "nx": CommandShape(groups: ["run"]),
    "claude": CommandShape(groups: ["mcp", "plugin"], only: ["mcp", "plugin", "config", "doctor", "update"]),
    "codex": CommandShape(groups: ["mcp"], only: ["exec", "mcp", "login", "resume", "apply"]),
    "xcodebuild": CommandShape(
      valued: [
        "-project", "-workspace", "-scheme", "-destination", "-configuration", "-sdk", "-target", "-arch",
        "-derivedDataPath", "-resultBundlePath",
      ],
      only: ["build", "test", "clean", "archive", "analyze", "build-for-testing", "test-without-building"]),
  ]
}
