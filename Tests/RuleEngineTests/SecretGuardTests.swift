import Testing

@testable import RuleEngine

struct SecretGuardTests {
  /// Of two secrets one may be the start of the other.
  @Test func theLongerSecretGoesFirst() {
    var secrets = SecretGuard()
    let input = secrets.input("A_PASSWORD=hunter2pa B_PASSWORD=hunter2passphrase run", limit: 200)
    #expect(!input.contains("hunter2"))
    #expect(secrets.masked("login with hunter2passphrase refused") == "login with [secret] refused")
    #expect(secrets.masked("login with hunter2pa refused") == "login with [secret] refused")
  }
}
