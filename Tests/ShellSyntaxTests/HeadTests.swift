import ShellSyntax
import Testing

@Suite struct HeadTests {
  @Test(arguments: [
    ("git -C ../app --no-pager log --oneline", "git log"),
    ("git stash pop", "git stash pop"),
    ("git checkout main", "git checkout"),
    ("npm run build -- --watch", "npm run build"),
    ("npm --prefix web test", "npm test"),
    ("pnpm --filter web run dev", "pnpm run dev"),
    ("yarn build", "yarn build"),
    ("bun test src/a.test.ts", "bun test"),
    ("bun src/index.ts", "bun"),
    ("uv run pytest -x tests", "uv run pytest"),
    ("uv run --with rich python -m pytest", "uv run python -m pytest"),
    ("uv run scripts/report.py", "uv run"),
    ("poetry run python tool.py", "poetry run python"),
    ("python3 -m json.tool data.json", "python3 -m json.tool"),
    ("python3.12 -u -m pip install yaml", "python3.12 -m pip install"),
    ("python3 -c 'import x'", "python3"),
    ("/opt/venv/bin/python -m pytest", "python -m pytest"),
    ("npx -y tsc --noEmit", "npx tsc"),
    ("npx --package typescript tsc", "npx tsc"),
    ("bundle exec rspec spec/a_spec.rb", "bundle exec rspec"),
    ("mise exec node@22 -- npm test", "mise exec -- npm test"),
    ("make -j 4 CC=clang check", "make check"),
    ("make -C lib", "make"),
    ("docker compose -f dev.yml up -d db", "docker compose up"),
    ("docker ps -a", "docker ps"),
    ("kubectl -n web get pods", "kubectl get pods"),
    ("gh pr view 12", "gh pr view"),
    ("gh api repos/a/b", "gh api"),
    ("aws s3 ls s3://bucket", "aws s3 ls"),
    ("cargo +nightly fmt", "cargo fmt"),
    ("go run ./cmd/server", "go run"),
    ("go mod tidy", "go mod tidy"),
    ("swift build -c release", "swift build"),
    ("swift script.swift", "swift"),
    ("xcodebuild -scheme App -sdk iphonesimulator test", "xcodebuild test"),
    ("bunx biome check src/a.ts", "bunx biome check"), ("ruff src", "ruff"),
    ("npx vitest run a.test.ts", "npx vitest run"),
    ("php artisan migrate --seed", "php artisan migrate"),
    ("grep -rn status src", "grep"),
    ("git \"log\"", "git"),
    ("git $sub", "git"),
    ("./scripts/deploy.sh prod", "deploy.sh"),
  ])
  func names(_ command: String, _ head: String) {
    #expect(CommandLine(parsing: command).invocations.map(\.head) == [head])
  }

  /// A script or subcommand that is named like a program runs no program of that name.
  @Test(arguments: [
    ("npm test", "npm"), ("npm run eslint", "npm"), ("make test", "make"), ("git id", "git"),
    ("uv run pytest -q", "pytest"),
    ("npx eslint src", "eslint"), ("python3 -m pytest", "pytest"), ("uv run python -m build", "build"), ("ls", "ls"),
  ])
  func runsInTheEnd(_ command: String, _ program: String) {
    #expect(CommandLine(parsing: command).lastInvocation?.coreProgram == program)
  }
}
