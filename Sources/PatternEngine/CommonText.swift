/// How common four bytes are in what developers' programs print: a window of a literal that looks like other text lets many
/// places pass for nothing.
enum CommonText {
  /// How often the gram occurs in the common words, the first of which count more; 0 for what none of them holds.
  /// - Parameter gram: Folded; its first byte is in the lowest bits.
  static func weight(of gram: UInt32) -> UInt16 { weights[place(of: gram)] }

  /// By hash: that a rare gram may be taken for a common one now and then costs nothing but a good window.
  private static let weights: [UInt16] = {
    var weights = [UInt16](repeating: 0, count: 1 << bits)
    for (rank, word) in words.utf8.split(whereSeparator: { $0 <= 32 }).enumerated() {
      var gram: UInt32 = 0x2020_2020
      var length = 0
      for byte in word {
        gram = gram >> 8 | UInt32(byte | 0x20) << 24
        length += 1
        if length > 2 { weights[place(of: gram)] += UInt16(1 + 600 / (rank + 20)) }
      }
      weights[place(of: gram >> 8 | 0x2000_0000)] += UInt16(1 + 600 / (rank + 20))
    }
    return weights
  }()

  private static let bits: UInt32 = 13

  private static func place(of gram: UInt32) -> Int { Int(windowHash(gram) >> (32 - bits)) }

  /// By how often they were met in outputs of many projects.
  private static let words = """
    the and for test users string from src with file const type user name error text not return json path api code tests
    run data this import git use github line status config com content https node new create agent all true system files
    session null project when that modules get tool add mode self list url cli app core are docs set message main packages
    build pass output input key result value server default you task false command lib function number index description
    export model only title root must level updated has await state can let target projects action read context tools
    check var source none package log components tasks your view info end request local prompt entire env apps any current
    results dev service async then token using protocol yaml response version update failed map home successfully before
    client summary plan class feature success search dir hooks scripts branch review time phase max metadata native types
    start lines schema tokens found documents date case after created work first unit color services group total
    implementation base next step readme been complete utils secret live ref commands private issue settings spec each
    directory runs format required changes requirements optional count examples else commit event repo active should
    options web one button checkpoint priority full public http validation example size via label specific have bin cache
    site item setup configuration field table cmd process record backend template exists what database rules push try
    without passed length shared per progress deploy install into auth continue change object features exit prompts style
    load fix workflows items integration usage running completed out existing post filter missing script but write body
    args open section library workflow design now returns array query limit dist warning errors will models init pages
    auto actions module boolean int join following flag structure profile html link component security last available
    logs debug email document origin modified location page container call issues interface more unknown execution values
    specs remote does metrics reference show already block same validate generic order documentation primary resolve
    development delete help messages min high image print single where ensure background match flow valid window uses
    include events which raw hook option display how environment see based entry dependencies invalid timeout connection
    empty may its pattern custom access details domain console every batch select parse copy policy language repository
    workspace provider history find verify testing used please store steps migration reason report
    """
}
