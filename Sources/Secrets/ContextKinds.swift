extension SecretKind {
  /// Secrets that are told by what stands around them.
  static let inContext: [SecretKind] = [
    SecretKind(
      "private-key",
      #"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]{0,16000}?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|\z)"#,
      [
        "«-----BEGIN OPENSSH PRIVATE KEY-----\n{64}\n{64}\n-----END OPENSSH PRIVATE KEY-----»"
      ], not: ["-----BEGIN PUBLIC KEY-----\nabc\n-----END PUBLIC KEY-----"], literals: ["PRIVATE KEY"]),
    SecretKind(
      "putty-key", #"Private-Lines: \d+\s+(?<secret>[A-Za-z0-9+/=\s]{40,16000})"#, ["Private-Lines: 2\n«{64}\n{60}»"]),
    SecretKind(
      "jwt", #"(?<![A-Za-z0-9_-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}(?:\.[\w-]*)?"#, ["«eyJ{30}.eyJ{60}.{43}»"],
      literals: [".eyJ"]),
    SecretKind(
      "url-token", #"https?://(?<secret>[\w-]{20,255})@"#, ["https://«{40}»@github.com/a/b.git"],
      not: ["https://me@example.com/"]),
    SecretKind(
      "dsn-password", #"(?i)[;\s](?:password|pwd)\s{0,2}=\s{0,2}(?<secret>[^;"'\s<${\[]{3,120})"#,
      ["Server=db;Database=x;User Id=sa;Password=«{10}!»;", "host=db user=x password=«{9}»"],
      not: ["Server=db;Password=$DB_PASSWORD;"], literals: ["password", "pwd=", "pwd ="]),
    SecretKind(
      "authorization",
      #"(?i)authorization["']?\s{0,3}[:=]\s{0,3}["']?(?:(?:bearer|basic|token|digest|negotiate|apikey|key)\s+)?+(?<secret>[^\s"'$<{\[][^"'\n\r$<]{5,2000})"#,
      ["Authorization: Bearer «{30}»", #"-H "authorization: token «{20}»""#, "'Authorization': 'Basic «{16}==»'"],
      not: ["Authorization: Bearer $TOKEN", "Authorization: <your key>"], literals: ["authorization"]),
    SecretKind(
      "bearer", #"(?i)\bbearer\s+(?<secret>[\w.~+/=-]{16,2000})"#, ["bearer «{24}»"],
      not: ["Bearer authentication is on"], literals: ["bearer"]),
    SecretKind(
      "api-key-header",
      #"(?i)\bx-(?:[a-z]+-)?(?:api-?key|auth(?:-?token)?|access-token|token|secret|vault-token|csrf-token)["']?\s{0,2}[:=]\s{0,2}["']?(?<secret>[^\s"'$<{]{6,2000})"#,
      ["X-Api-Key: «{16}»", "x-goog-api-key: «{20}»", "X-Vault-Token: «{20}»"], not: ["X-Api-Key: $KEY"],
      literals: [
        "api-key", "apikey", "x-auth", "access-token", "-token:", "-token\":", "-token =", "-secret", "x-token",
        "csrf-token",
      ]),
    SecretKind(
      "cookie", #"(?i)\b(?:set-)?cookie["']?\s{0,2}[:=]\s{0,2}["']?(?<secret>[\w.-]{1,80}=[^"'\n\r$]{4,4000})"#,
      [
        "Cookie: «session={24}; theme=dark»", "Set-Cookie: «sid={20}; Path=/; HttpOnly»", #"curl -H 'Cookie: «a={9}»'"#,
      ], not: ["Cookie: none", "cookies are on"],
      literals: ["cookie"]),
    SecretKind(
      "cookie-option", #"(?:--cookie|curl\b[^\n]{0,200}\s-b)[ =]["']?(?<secret>[\w.-]{1,80}=[^"'\n\r$]{4,4000})"#,
      ["curl --cookie '«sid={12}»' http://x", "curl -s -b «sid={20}»"],
      literals: ["--cookie", "curl"]),
    SecretKind(
      "session-id",
      #"(?i)\b(?:jsessionid|phpsessid|asp\.net_sessionid|connect\.sid|sessionid|session_id_token|laravel_session|_session)=(?<secret>[\w%.+/-]{16,400})"#,
      ["PHPSESSID=«{26}»"], literals: ["sessid=", "sessionid=", "_session=", "connect.sid="]),
    SecretKind(
      "password-option",
      #"(?i)--?(?:[a-z]{1,20}-)?(?:password|passwd|passphrase|secret|api-?key|access-?key|auth-?token|token|client-secret)(?:[ =]|\s+)["']?(?<secret>[^\s"'$<{-][^\s"'$<]{3,400})"#,
      ["mysql --password=«{9}»", "tool --api-key «{20}» go", "--client-secret '«{20}»'", "helm --db-password «{8}»"],
      not: ["mysql --password=$PW", "tool --token \"$T\"", "--password-stdin", "login --password --user x"],
      literals: [
        "password", "passwd", "passphrase", "-secret", "api-key", "apikey", "access-key", "accesskey", "-token",
        "authtoken",
      ]),
    SecretKind(
      "client-password",
      #"\b(?:mysql|mysqldump|mysqladmin|mariadb|sshpass|mongosh|mongo)\b[^\n|;&]{0,200}?\s-p\s?["']?(?<secret>[^\s"'$-][^\s"'$]{3,120})"#,
      ["mysql -u root -p«{9}» shop", "sshpass -p '«{8}»' ssh x"], not: ["mysql -u root -p -e 'x'", "mysql -p$PW"],
      literals: ["mysql", "mariadb", "sshpass", "mongo"]),
    SecretKind(
      "redis-password", #"\bredis-cli\b[^\n|;&]{0,100}?\s(?:-a|--pass)\s+["']?(?<secret>[^\s"'$]{4,120})"#,
      ["redis-cli -h x -a «{12}» ping"], not: ["redis-cli -h x ping"]),
    SecretKind(
      "curl-user",
      #"\b(?:curl|http|wget)\b[^\n|;&]{0,300}?\s(?:-u|--user|--auth|-a)[ =]["']?[^\s:"'$]{1,80}:(?<secret>[^\s"'$]{3,200})"#,
      ["curl -s -u admin:«{8}» http://x/", "http --auth me:«{7}» x"],
      not: ["curl -u $USER:$PASS http://x", "curl -s http://x:80/"], literals: ["curl", "http ", "wget"]),
    SecretKind(
      "netrc", #"\bmachine\s+\S{1,100}\s+login\s+\S{1,100}\s+password\s+(?<secret>[^\s"']{3,200})"#,
      ["machine x.com login me password «{12}»"]),
    SecretKind(
      "assignment",
      #"(?iJ)(?<![a-z])["']?[\w.-]{0,60}?(?:password|passwd|passphrase|passcode|pwd|secret|secret_?key|api_?-?key|apikey|private_?key|access_?key|auth_?key|encryption_?key|signing_?key|client_?secret|credential|auth_?token|access_?token|refresh_?token|id_?token|bot_?token|_token|_pat|_pass|_auth)(?:[_-](?:id|key|value|base|raw|prod|dev|test|staging|\d))?["']?\s{0,3}(?::=|=>|=|:)\s{0,3}(?:["'`](?<secret>[^"'`\n\r$<{\[][^"'`\n\r]{3,2000})["'`]|(?<secret>(?!process\.|os\.|env\.|getenv|none\b|null\b|nil\b|true\b|false\b|undefined\b|str\b|string\b|required|missing|invalid|not\b|import|self\.|config\.|[\w.]{1,60}\()[^\s"'`$<{(\[,;)&|*][^\s"'`,;)&|]{5,2000}))"#,
      [
        "DB_PASSWORD=«{12}»", "export API_KEY='«{20}»'", #""client_secret": "«{24}»""#, "password: «{9}»",
        "SECRET_KEY = \"«{10} {8}»\"",
        "GITHUB_PAT=«{20}»", "JENKINS_TOKEN=«{20}» make", "stripe.secret=«{12}»", "NPM_CONFIG__AUTH=«{20}»",
        "spring.datasource.password=«{9}»",
      ],
      not: [
        "API_KEY=$OTHER", "password: <yours>", "secret = os.environ['X']", "password: required", "max_tokens=4096",
        "DB_PASSWORD=", "TOKEN=${TOKEN}",
        "unexpected token: foo", "api_key=None", "password = getpass()",
      ],
      literals: [
        "password", "passwd", "passphrase", "passcode", "pwd=", "pwd:", "secret", "api_key", "apikey", "api-key",
        "private_key", "privatekey",
        "access_key", "accesskey", "auth_key", "authkey", "encryption", "signing", "credential", "token", "_pat=",
        "_pass=", "_pass:", "_auth=", "_auth:",
      ]),
    SecretKind(
      "sso-url",
      #"(?i)[?&](?:access_token|id_token|refresh_token|code|api_?key|apikey|key|token|secret|password|signature|X-Amz-Signature|X-Amz-Security-Token)=(?<secret>[\w%.~+/=-]{12,4000})"#,
      [
        "https://x.com/cb?access_token=«{24}»&y=1", "https://maps.x.com/?key=«{30}»",
        "https://b.s3.amazonaws.com/o?X-Amz-Signature=«{hex:64}»",
      ],
      not: ["https://x.com/?token=short"],
      literals: [
        "_token=", "?code=", "&code=", "api_key=", "apikey=", "?key=", "&key=", "token=", "secret=", "password=",
        "signature=",
      ]),
  ]
}
