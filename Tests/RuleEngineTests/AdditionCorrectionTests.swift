import RulePack
import SessionModel
import Testing

@testable import RuleEngine

@Suite struct AdditionCorrectionTests {
  private var make = CallMaker()

  @Test(arguments: [
    ("npx vitest run --globals a.test.ts", "npx vitest run --globals"),
    ("npx vitest run a.test.ts --config 'ci config.ts' | tail", "npx vitest run --config 'ci config.ts'"),
    ("npx vitest run a.test.ts --reporter=dot", nil), ("npx vitest run b.test.ts --globals", nil),
    ("cd web && npx vitest run a.test.ts --globals", nil), ("npx vitest run --globals", nil),
    // Nobody sees whether these worked.
    ("npx vitest run a.test.ts --globals | grep -c failed", nil),
    ("npx vitest run a.test.ts --globals > log; cat log", nil),
    ("npx vitest run a.test.ts --globals || true", nil), ("npx vitest run a.test.ts --globals &", nil),
    // These do less, or do it whatever comes of it.
    ("npx vitest run a.test.ts --onlyChanged", nil), ("npx vitest run a.test.ts --allowOnly", nil),
  ])
  mutating func anOptionThatWasLacking(command: String, fix: String?) throws {
    let failed = make.shell("npx vitest run a.test.ts 2>&1 | tail -5", .failed, "2 failed tests")
    let found = try correction(failed, make.shell("cat package.json"), make.shell(command))
    #expect(found?.text == fix && found?.kind == (fix == nil ? nil : .option))
    // What was changed in between may be what helped.
    #expect(try correction(failed, make.tool(.edit, "vitest.config.ts"), make.shell(command)) == nil)
    #expect(try correction(failed, make.shell("npm install"), make.shell(command)) == nil)
  }

  /// What fetches something with one more option is the command itself, and no step before it.
  @Test(arguments: [
    (["npm install --legacy-peer-deps"], "npm install --legacy-peer-deps", Correction.Kind.option),
    (["npm install react@18", "npm install"], "npm install react@18", .step),
    (["npm ci", "npm install"], "npm ci", .step),
  ])
  mutating func anOptionOfWhatFetches(commands: [String], text: String, kind: Correction.Kind) throws {
    let rules = try rules("id: demo/peers\ncategory: dependency_error\nwhen: { output: 'could not resolve' }")
    let failed = make.shell("npm install", .failed, "npm error ERESOLVE could not resolve")
    let found = analysis(rules, [failed] + commands.map { make.shell($0) }).observations.first?.correction
    #expect(found?.text == text && found?.kind == kind)
  }

  @Test(arguments: [
    ("CI=1 npm test", "CI=1 npm test"),
    ("NODE_OPTIONS=--max-old-space-size=8192 npm test", "NODE_OPTIONS=--max-old-space-size=8192 npm test"),
    ("JAVA_HOME=/opt/homebrew/opt/openjdk@17 npm test", "JAVA_HOME=/opt/homebrew/opt/openjdk@17 npm test"),
    ("ANDROID_HOME=$HOME/Library/sdk npm test", "ANDROID_HOME=$HOME/Library/sdk npm test"),
    ("ANDROID_HOME=$SDK/x npm test", "ANDROID_HOME=... npm test"),
    ("GOTOOLCHAIN=go1.24.1 npm test", "GOTOOLCHAIN=go1.24.1 npm test"),
    ("SDK_ROOT=/opt/sdk RUBY_VERSION=3.3.0 npm test", "SDK_ROOT=/opt/sdk RUBY_VERSION=3.3.0 npm test"),
    ("DEVELOPER_DIR=/Applications/Xcode.app npm test", "DEVELOPER_DIR=/Applications/Xcode.app npm test"),
    ("API_KEY=abc npm test", "API_KEY=... npm test"), ("CI=1 npm test -- a.test.ts", nil),
    ("LIMIT=20 DATA_DIR=./data npm test --pool=forks", "LIMIT=20 DATA_DIR=./data npm test --pool=forks"),
    ("API=https://x.example/?q=1 npm test", "API=... npm test"), ("FLAGS='--a --b' npm test", "FLAGS=... npm test"),
  ])
  mutating func aVariableThatWasLacking(command: String, fix: String?) throws {
    let failed = make.shell("npm test", .failed, "2 failed tests")
    #expect(try correction(failed, make.shell(command))?.text == fix)
    #expect(try correction(failed, make.tool(.edit, "a.ts"), make.shell(command)) == nil)
  }

  /// A program that waits for changes does not end for want of time.
  @Test(arguments: [
    ("npx vitest run", "npx vitest run"), ("CI=true npx vitest", "CI=true npx vitest"),
    ("npx vitest --no-watch", "npx vitest --no-watch"), ("npx vitest -- --run", "npx vitest -- --run"),
    ("npx vitest --pool=forks", nil), ("npx vitest a.test.ts", nil),
  ])
  mutating func whatEndsByItself(command: String, fix: String?) throws {
    let rules = try rules("id: demo/hang\ncategory: timeout\nwhen: { output: 'timed out' }")
    let failed = make.shell("npx vitest", .failed, "timed out")
    #expect(analysis(rules, [failed, make.shell(command)]).observations.first?.correction?.text == fix)
  }

  @Test(arguments: [
    (["docker compose up -d db", "npm test"], "docker compose up -d db"),
    (["docker compose up -d db", "npx prisma migrate deploy", "npm test"], "docker compose up -d db"),
    (["docker compose up -d db", "alembic upgrade head && npm test"], "docker compose up -d db"),
    (["make up", "npm test"], "make up"), (["npm run up", "npm test"], "npm run up"),
    (["npm run db:start", "npm test"], "npm run db:start"),
    (["make db-down", "npm test"], nil), (["npm run dev:start", "npm test"], nil),
    (["pnpm up", "npm test"], nil), (["npm run lint --workspace infra", "npm test"], nil),
    (["make -n up", "npm test"], nil), (["npm run start-server-and-test", "npm test"], nil),
    (["docker compose up -d db", "docker compose ps", "npm run db:seed", "npm test"], "docker compose up -d db"),
    (["ls", "docker start pg && sleep 2", "npm test"], "docker start pg"),
    (["brew services start redis && npm test"], "brew services start redis"),
    (["npx prisma generate", "npm test"], "npx prisma generate"),
    (["npm run db:migrate && npm test"], "npm run db:migrate"),
    (["npm ci && npm run build", "npm test"], "npm ci"), (["npm run build", "npm test"], nil),
    (["git pull", "npm test"], nil), (["npm install", "sed -i s/a/b/ x.js", "npm test"], nil),
    (["docker compose up -d db", "npm test -- a.test.ts"], nil),
    (["docker compose up -d db", "make", "npm test"], nil),
    (["docker ps", "npm test"], nil), (["docker compose logs up", "npm run test"], nil),
  ])
  mutating func aServiceThatWasLacking(commands: [String], step: String?) throws {
    let rules = try rules("id: demo/refused\ncategory: network_error\nwhen: { output: 'refused' }")
    for rules in [rules, try correctionPack()] {
      let failed = make.shell("npm test", .failed, "2 failed tests: connection refused, table does not exist")
      let found = analysis(rules, [failed] + commands.map { make.shell($0) }).observations.first?.correction
      #expect(found?.text == step && found?.kind == (step == nil ? nil : .step), "\(commands)")
    }
    let failed = make.shell("npm test", .failed, "connection refused")
    #expect(analysis(rules, [failed, make.shell("CI=1 npm test")]).observations.first?.correction == nil)
  }

  /// A step is told with its folder, its variables and the way to its container; on another machine, or when it takes
  /// something away, it is none.
  @Test(arguments: [
    ("cd infra && docker compose up -d db", "cd infra && docker compose up -d db"),
    ("sudo systemctl start postgresql", "sudo systemctl start postgresql"),
    ("RAILS_ENV=test bin/rails db:migrate", "RAILS_ENV=test bin/rails db:migrate"),
    ("docker compose exec web bin/migrate", "docker compose exec web bin/migrate"),
    ("API_KEY=abc npx prisma migrate", nil), ("ssh ci@box 'docker compose up -d db'", nil),
    ("docker compose up db &", nil), ("npx prisma migrate reset --force", nil), ("bin/rails db:drop db:migrate", nil),
    ("php artisan migrate --env=production", nil),
  ])
  mutating func aStepAsItCanBeTypedAgain(step: String, told: String?) throws {
    let failed = make.shell("npm test", .failed, "2 failed tests: connection refused, table does not exist")
    #expect(try correction(failed, make.shell(step), make.shell("npm test"))?.text == told)
    // Where nobody can be told of it, it may have helped all the same.
    #expect(try correction(failed, make.shell(step), make.shell("CI=1 npm test"))?.text == told)
  }

  /// What says nothing of a server or of something missing failed for another reason.
  @Test(arguments: ["pip install black", "docker compose up -d mailhog"])
  mutating func whatWasOnlyDoneInBetween(step: String) throws {
    let failed = make.shell("npm test", .failed, "2 failed tests: expected 1, received 2")
    #expect(try correction(failed, make.shell(step), make.shell("npm test")) == nil)
  }

  @Test(arguments: [
    ("npm test --user alice --pass hunter2", "npm test --user ... --pass ..."),
    ("npm test --api-key=abc", "npm test --api-key=..."), ("npm test --var db_pw=abc", "npm test --var db_pw=..."),
    ("npm test --pw abc", "npm test --pw ..."), ("npm test -c user.name=me", "npm test -c user.name=..."),
    ("npm test -c user.name=me -c user.mail=m@x.org", nil),
    ("npm test -destination 'a=b'", "npm test -destination a=b"),
    ("HUSKY=0 npm test", nil), ("RUST_BACKTRACE=1 npm test", nil), ("npm test --findRelatedTests", nil),
    ("npm test --shard=1/4", nil), ("npm test -f ci.yml", "npm test -f ci.yml"), ("npm test -f", nil),
    ("npm test -c commit.gpgsign=false", nil), ("npm test -c a=b", "npm test -c a=b"),
    ("git checkout a.js && CI=1 npm test", nil),
  ])
  mutating func whatMayBeToldOfAnOption(command: String, fix: String?) throws {
    let failed = make.shell("npm test", .failed, "2 failed tests")
    #expect(try correction(failed, make.shell(command))?.text == fix)
  }

  @Test mutating func whatWorksTheNextTimeNeededNothing() throws {
    let failed = make.shell("npm install", .failed, "2 failed tests")
    #expect(try correction(failed, make.shell("npm install")) == nil)
  }

  /// What answers in time is no merit of whoever asks.
  @Test mutating func whatOnlyFetchesIsNoCommand() throws {
    let rules = try rules("id: demo/refused\ncategory: network_error\nwhen: { output: 'refused' }")
    let calls = [
      make.shell("curl -sf localhost:3000", .failed, "refused"), make.shell("docker compose up -d"),
      make.shell("curl -sf localhost:3000"),
    ]
    #expect(analysis(rules, calls).observations.first?.correction == nil)
  }

  @Test mutating func anInterpreterIsNoCommand() throws {
    let migrated = try correction(
      make.shell("python manage.py test", .failed, "2 failed tests: no such table"),
      make.shell("python manage.py migrate"),
      make.shell("python manage.py test"))
    #expect(migrated?.text == "python manage.py migrate" && migrated?.kind == .step)
    let failed = make.shell("node tools/report.js", .failed, "2 failed tests")
    #expect(try correction(failed, make.shell("node tools/report.js --env dev")) == nil)
  }

  @Test mutating func aTryThatFailedMayHaveChangedSomething() throws {
    let failed = make.shell("npm test", .failed, "2 failed tests")
    let again = make.shell("npm test -- --pool=forks", .failed, "2 failed tests")
    let other = make.shell("sed -i s/a/b/ x && npm test", .failed, "2 failed tests")
    let worked = make.shell("npm test -- --threads=1")
    #expect(try correction(failed, again, worked)?.kind == .option)
    #expect(try correction(failed, other, worked) == nil)
  }
}
