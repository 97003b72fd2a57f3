extension SecretKind {
  /// Keys of clouds, code hosts, registries and services: each is told by its own prefix.
  static let tokens: [SecretKind] = clouds + forges + registries + payments + models + services

  private static let clouds: [SecretKind] = [
    token("aws-access-key", "(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9])", "AKIA{AZ:16}"),
    SecretKind(
      "aws-secret-key",
      #"(?i)aws_?(?:secret|session)_?(?:access_?)?(?:key|token)["']?\s{0,4}[=:]\s{0,4}["']?(?<secret>[A-Za-z0-9/+=]{20,2000})"#,
      ["aws_secret_access_key = «{40}»", #""AWS_SESSION_TOKEN": "«{200}»""#], literals: ["aws_", "awss"]),
    token("aws-bedrock", "ABSK[A-Za-z0-9+/]{109,269}={0,2}", "ABSK{120}"),
    token("gcp-api-key", #"AIza[\w-]{35}"#, "AIza{35}"),
    token("gcp-oauth-token", #"ya29\.[\w-]{20,}"#, "ya29.{60}"),
    token("gcp-client-secret", #"GOCSPX-[\w-]{28}"#, "GOCSPX-{28}"),
    SecretKind(
      "azure-storage-key", #"(?i)(?:AccountKey|SharedAccessKey)=(?<secret>[A-Za-z0-9+/]{40,88}={0,2})"#,
      ["DefaultEndpointsProtocol=https;AccountName=a;AccountKey=«{86}==»;", "Endpoint=sb://x/;SharedAccessKey=«{43}=»"]),
    SecretKind(
      "azure-sas", #"(?i)(?:[?&]|%26)sig=(?<secret>[A-Za-z0-9%+/=_-]{40,})"#,
      ["https://a.blob.core.windows.net/c?sv=1&sig=«{44}%3D»"],
      literals: ["?sig=", "&sig=", "26sig="]),
    SecretKind(
      "azure-client-secret", #"(?i)(?:client_?secret|azure\w{0,20})\W{1,6}(?<secret>[\w~.-]{3}\dQ~[\w~.-]{31,34})"#,
      ["AZURE_SECRET=«{3}8Q~{34}»"], literals: ["clientsecret", "client_secret", "azure"]),
    token("digitalocean", "do[opr]_v1_[a-f0-9]{64}", "dop_v1_{hex:64}"),
    token("alibaba-access-key", "LTAI[A-Za-z0-9]{17,21}(?![A-Za-z0-9])", "LTAI{20}"),
    token("yandex", #"AQVN[\w-]{35,38}"#, "AQVN{36}"),
    token("heroku", "HRKU-[\\w-]{36,}", "HRKU-{60}"),
    token("scalingo", "tk-us-[\\w-]{48}", "tk-us-{48}"),
    token("tailscale", #"tskey-[a-z]+-[\w-]{10,}"#, "tskey-auth-{12}-{32}"),
    token("vault", #"(?:hvs|hvb|hvr)\.[\w-]{24,}"#, "hvs.{90}").with(literals: ["hvs.", "hvb.", "hvr."]),
    token("terraform-cloud", #"[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{60,70}"#, "{14}.atlasv1.{64}"),
    token("pulumi", "pul-[a-f0-9]{40}", "pul-{hex:40}"),
    token("doppler", #"dp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9_.]{40,}"#, "dp.pt.{43}").with(literals: [
      "dp.pt.", "dp.st.", "dp.ct.", "dp.sa.", "dp.scim.", "dp.audit.",
    ]),
    token("planetscale", #"pscale_(?:tkn|oauth|pw)_[\w=.-]{32,64}"#, "pscale_tkn_{43}"),
    token("supabase", "sb(?:p_[a-f0-9]{40}|_secret_[\\w-]{20,})", "sbp_{hex:40}").with(literals: ["sbp_", "sb_secret_"]
    ),
    token("cloudflare-origin-ca", "v1\\.0-[a-f0-9]{24}-[a-f0-9]{146}", "v1.0-{hex:24}-{hex:146}"),
    token("age", "AGE-SECRET-KEY-1[A-Z0-9]{58}", "AGE-SECRET-KEY-1{AZ:58}"),
  ]

  private static let forges: [SecretKind] = [
    token("github-token", "gh[pousr]_[A-Za-z0-9]{36,255}", "ghp_{36}").with(literals: [
      "ghp_", "gho_", "ghu_", "ghs_", "ghr_",
    ]),
    token("github-fine-grained", #"github_pat_\w{60,255}"#, "github_pat_{82}"),
    token(
      "gitlab", #"gl(?:pat|dt|rt|ptt|cbt|soat|ft|imt|agent|oas|ffct)-[\w.-]{20,300}"#, "glpat-{20}"
    ).with(literals: [
      "glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "glsoat-", "glft-", "glimt-", "glagent-", "gloas-", "glffct-",
    ]),
    token("gitlab-runner", #"GR1348941[\w-]{20}"#, "GR1348941{20}"),
    token("bitbucket", "ATBB[A-Za-z0-9]{28,32}", "ATBB{32}"),
    token("atlassian", #"ATATT3[\w=-]{60,}"#, "ATATT3{180}"),
    token("sourcegraph", "(?:sgp|slk)_(?:[a-f0-9]{16}_|local_)?[a-f0-9]{40}|slk_[a-f0-9]{64}", "sgp_{hex:40}").with(
      literals: [
        "sgp_", "slk_",
      ]),
    token("linear", "lin_(?:api|oauth)_[A-Za-z0-9]{32,64}", "lin_api_{40}"),
  ]

  private static let registries: [SecretKind] = [
    token("npm", "npm_[A-Za-z0-9]{36}", "npm_{36}"),
    SecretKind(
      "npm-auth-token", #"_auth(?:Token)?\s{0,3}=\s{0,3}"?(?<secret>[^\s"$]{8,})"#,
      ["//npm.example.com/:_authToken=«{36}»"]),
    token("pypi", #"pypi-[\w-]{50,1000}"#, "pypi-AgEIcHlwaS5vcmc{70}"),
    token("rubygems", "rubygems_[a-f0-9]{48}", "rubygems_{hex:48}"),
    token("docker-hub", #"dckr_(?:pat|oat)_[\w-]{27,32}"#, "dckr_pat_{27}"),
    token("artifactory", "AKCp[A-Za-z0-9]{60,72}", "AKCp{69}"),
    token("clojars", "CLOJARS_[a-z0-9]{60}", "CLOJARS_{az:60}"),
  ]

  private static let payments: [SecretKind] = [
    token("stripe", "[srp]k_(?:live|test|prod)_[A-Za-z0-9]{10,247}", "sk_live_{24}"),
    token("stripe-webhook", "whsec_[A-Za-z0-9+/=]{24,}", "whsec_{32}"),
    token("square", #"(?:sq0[a-z]{3}-[\w-]{22,43}|EAAA[\w+=-]{58,60})"#, "sq0atp-{22}").with(literals: [
      "sq0atp", "sq0csp", "sq0idp", "eaaa",
    ]),
    token("shopify", "shp(?:at|ss|ca|pa)_[a-fA-F0-9]{32}", "shpat_{hex:32}").with(literals: [
      "shpat_", "shpss_", "shpca_", "shppa_",
    ]),
    token("flutterwave", "FLW(?:SECK|PUBK)(?:_TEST)?-[a-h0-9]{12,36}", "FLWSECK_TEST-{hex:32}"),
    token("easypost", "EZ[AT]K[A-Za-z0-9]{54}", "EZAK{54}").with(literals: ["EZAK", "EZTK"]),
    token("shippo", "shippo_(?:live|test)_[a-f0-9]{40}", "shippo_live_{hex:40}"),
    token("duffel", #"duffel_(?:test|live)_[\w=-]{43}"#, "duffel_live_{43}"),
    token("plaid", "access-(?:sandbox|development|production)-[0-9a-f-]{36}", "access-production-{hex:36}"),
  ]

  private static let models: [SecretKind] = [
    token("anthropic", #"sk-ant-[\w-]{20,}"#, "sk-ant-api03-{93}AA"),
    token("openai", #"sk-(?:proj|svcacct|admin|service|None)-[\w-]{20,}"#, "sk-proj-{120}").with(literals: [
      "sk-proj-", "sk-svcacct-", "sk-admin-", "sk-service-", "sk-none-",
    ]),
    token("openai-classic", "sk-[A-Za-z0-9]{16,}T3BlbkFJ[A-Za-z0-9]{16,}", "sk-{20}T3BlbkFJ{20}"),
    token("openrouter", "sk-or-v1-[a-f0-9]{64}", "sk-or-v1-{hex:64}"),
    token("perplexity", "pplx-[A-Za-z0-9]{40,}", "pplx-{48}"),
    token("groq", "gsk_[A-Za-z0-9]{40,}", "gsk_{52}"),
    token("xai", "xai-[A-Za-z0-9]{60,}", "xai-{80}"),
    token("langsmith", "lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}", "lsv2_pt_{hex:32}_{hex:10}"),
    token("databricks", "dapi[a-f0-9]{32}(?:-\\d)?", "dapi{hex:32}"),
  ]

  private static let services: [SecretKind] = [
    token("slack", #"xox[abeoprs](?:\.xox[bp])?-[\w-]{10,}"#, "xoxb-{digits:12}-{digits:12}-{24}").with(literals: [
      "xoxa", "xoxb", "xoxe", "xoxo", "xoxp", "xoxr", "xoxs",
    ]),
    token("slack-app", #"xapp-\d-[\w-]{20,}"#, "xapp-1-A{10}-{digits:12}-{hex:64}"),
    SecretKind(
      "slack-webhook", #"hooks\.slack\.com/(?:services|workflows|triggers)/(?<secret>[\w+/-]{30,})"#,
      ["https://hooks.slack.com/services/«T{AZ:8}/B{AZ:8}/{24}»"]),
    SecretKind(
      "discord-webhook", #"discord(?:app)?\.com/api/webhooks/(?<secret>\d{8,}/[\w-]{30,})"#,
      ["https://discord.com/api/webhooks/«{digits:18}/{68}»"]),
    SecretKind(
      "teams-webhook", #"webhook\.office\.com/webhookb2/(?<secret>[\w@/-]{40,})"#,
      ["https://x.webhook.office.com/webhookb2/«{hex:36}@{hex:36}/IncomingWebhook/{hex:32}/{hex:36}»"]),
    SecretKind(
      "telegram", #"(?i)(?:telegram|bot)\D{0,20}(?<secret>\d{8,10}:A[\w-]{34})"#,
      ["https://api.telegram.org/bot«{digits:10}:AA{33}»/getMe"], literals: ["telegram", "/bot", "_bot", "bot_"]),
    token("mailgun", "key-[a-f0-9]{32}(?![a-f0-9])", "key-{hex:32}"),
    token("sendinblue", "xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}", "xkeysib-{hex:64}-{16}"),
    token("newrelic", "NR(?:AK|JS|II|RA|BR)-[A-Za-z0-9]{19,40}", "NRAK-{AZ:27}").with(literals: [
      "NRAK-", "NRJS-", "NRII-", "NRRA-", "NRBR-",
    ]),
    token("grafana", "(?:glc_[A-Za-z0-9+/]{32,}={0,2}|glsa_[A-Za-z0-9]{32}_[a-fA-F0-9]{8})", "glsa_{32}_{hex:8}").with(
      literals: ["glc_", "glsa_"]),
    token("sentry", #"sntr(?:ys_[\w+/=]{40,}|yu_[a-f0-9]{64})"#, "sntryu_{hex:64}"),
    token("postman", "PMAK-[a-f0-9]{24}-[a-f0-9]{34}", "PMAK-{hex:24}-{hex:34}"),
    token("notion", "(?:ntn_[A-Za-z0-9]{40,}|secret_[A-Za-z0-9]{43})", "ntn_{46}").with(literals: ["ntn_", "secret_"]),
    token("figma", #"fig[dour]_[\w-]{40,}"#, "figd_{40}").with(literals: ["figd_", "figo_", "figu_", "figr_"]),
    token("dropbox", #"sl\.(?:u\.)?[\w-]{130,}"#, "sl.u.{140}").with(literals: ["sl.u", "sl.a", "sl.b"]),
    token("typeform", #"tfp_[\w.=-]{59}"#, "tfp_{59}"),
    token("prefect", "pn[ub]_[a-z0-9]{36}", "pnu_{az:36}").with(literals: ["pnu_", "pnb_"]),
    token("readme", "rdme_[a-z0-9]{70}", "rdme_{az:70}"),
    token("frameio", #"fio-u-[\w=-]{64}"#, "fio-u-{64}"),
    token("contentful", #"CFPAT-[\w-]{43}"#, "CFPAT-{43}"),
    token("dynatrace", #"dt0c01\.[A-Z0-9]{24}\.[A-Z0-9]{64}"#, "dt0c01.{AZ:24}.{AZ:64}"),
    token(
      "launchdarkly", "(?:sdk|api|mob)-[a-f0-9]{8}-[a-f0-9]{4}-4[a-f0-9]{3}-[a-f0-9]{4}-[a-f0-9]{12}",
      "sdk-{hex:8}-{hex:4}-4{hex:3}-{hex:4}-{hex:12}"
    ).with(literals: ["sdk-", "api-", "mob-"]),
    token("mapbox", #"[sp]k\.eyJ[\w-]{20,}\.[\w-]{20,}"#, "sk.eyJ{60}.{22}"),
    token("1password", "ops_eyJ[A-Za-z0-9+/]{100,}={0,3}", "ops_eyJ{250}"),
    token("okta", #"SSWS [\w-]{30,}"#, "SSWS 00{40}"),
  ]

  func with(literals: [String]) -> SecretKind {
    SecretKind(name, pattern, examples, not: counterexamples, literals: literals.filter { $0.utf8.count > 3 })
  }

}
