import CPCRE2

/// A compiled PCRE2 pattern. `^` and `$` match at every line, `.` stops at CR and LF, and a subject that is not valid
/// UTF-8 is matched around its bad bytes.
public final class Pattern: Sendable {
  public let source: String
  /// Named captures by their number.
  public let captureNames: [Int: String]
  /// No match holds a line end.
  public let staysOnLine: Bool
  /// The numbers of the named captures, in order: where two groups have one name, the result must not be left to chance.
  private let numbers: [Int]
  private let code: Code

  /// Immutable after the JIT compiler ran, so it may be shared between threads.
  @safe private struct Code: @unchecked Sendable {
    let pointer: OpaquePointer
  }

  /// - Throws: `PatternError` with the place of the fault.
  public init(_ source: String) throws(PatternError) {
    self.source = source
    staysOnLine = LineBound.holds(for: source)
    let compiled = try unsafe Self.compile(source)
    code = unsafe Code(pointer: compiled)
    captureNames = unsafe Self.names(of: compiled)
    numbers = captureNames.keys.sorted()
    // Without JIT the interpreter runs under the same limits, only slower.
    unsafe pcre2_jit_compile_8(compiled, PCRE2_JIT_COMPLETE)
  }

  deinit {
    unsafe pcre2_code_free_8(code.pointer)
  }

  /// Says whether a pattern can be compiled, for less than compiling it costs.
  /// - Throws: `PatternError` with the place of the fault.
  public static func check(_ source: String) throws(PatternError) {
    // Nobody is going to match with it.
    unsafe pcre2_code_free_8(
      try compile(source, PCRE2_NO_AUTO_POSSESS | PCRE2_NO_DOTSTAR_ANCHOR | PCRE2_NO_START_OPTIMIZE))
  }

  private static func compile(_ source: String, _ more: UInt32 = 0) throws(PatternError) -> OpaquePointer {
    var errorCode: Int32 = 0
    var errorOffset = 0
    let options = UInt32(PCRE2_UTF) | UInt32(PCRE2_MATCH_INVALID_UTF) | UInt32(PCRE2_MULTILINE) | more
    let context = unsafe pcre2_compile_context_create_8(nil)
    defer { unsafe pcre2_compile_context_free_8(context) }
    unsafe pcre2_set_newline_8(context, UInt32(PCRE2_NEWLINE_ANYCRLF))
    let bytes = Array(source.utf8)
    let compiled = unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe pcre2_compile_8(buffer.baseAddress, buffer.count, options, &errorCode, &errorOffset, context)
    }
    guard let compiled = unsafe compiled else {
      var message = [UInt8](repeating: 0, count: 256)
      let length = unsafe message.withUnsafeMutableBufferPointer { buffer in
        unsafe pcre2_get_error_message_8(errorCode, buffer.baseAddress, buffer.count)
      }
      let reason = length > 0 ? String(decoding: message.prefix(Int(length)), as: UTF8.self) : "error \(errorCode)"
      throw PatternError(reason: reason, offset: min(errorOffset, bytes.count))
    }
    return unsafe compiled
  }

  private static func names(of code: OpaquePointer) -> [Int: String] {
    var count: UInt32 = 0
    var entrySize: UInt32 = 0
    var table: UnsafePointer<UInt8>?
    unsafe pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMECOUNT), &count)
    unsafe pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMEENTRYSIZE), &entrySize)
    unsafe pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMETABLE), &table)
    guard let table = unsafe table else { return [:] }
    var names: [Int: String] = [:]
    for index in 0..<Int(count) {
      let entry = unsafe UnsafeBufferPointer(start: table + index * Int(entrySize), count: Int(entrySize))
      // An entry is the number of the group in two bytes, then its name, then a zero.
      let number = unsafe Int(entry[0]) << 8 | Int(entry[1])
      let name = unsafe entry.dropFirst(2).prefix { $0 != 0 }
      names[number] = unsafe String(decoding: name, as: UTF8.self)
    }
    return names
  }

  /// The first match in a part of the subject, taken as a text of its own. Where the part starts or ends inside a line,
  /// `^` and `$` do not match.
  ///
  /// - Parameters:
  ///   - subject: Bytes, usually UTF-8.
  ///   - window: The part to look at; clamped to the subject.
  ///   - scratch: Working memory of the calling thread.
  /// - Returns: The match with offsets into `subject`, or nil.
  /// - Throws: `MatchFailure` when PCRE2 gave up.
  public func firstMatch(
    in subject: [UInt8], window: Range<Int>? = nil, scratch: MatchScratch
  ) throws(MatchFailure) -> PatternMatch? {
    let bounds = (window ?? 0..<subject.count).clamped(to: 0..<subject.count)
    let options = Self.edges(of: bounds, in: subject)
    let found = unsafe subject.withUnsafeBufferPointer { buffer -> Int32 in
      let start = unsafe buffer.baseAddress.map { unsafe $0 + bounds.lowerBound }
      return unsafe pcre2_match_8(code.pointer, start, bounds.count, 0, options, scratch.data, scratch.context)
    }
    switch found {
    case PCRE2_ERROR_NOMATCH: return nil
    case PCRE2_ERROR_MATCHLIMIT: throw .matchLimit
    case PCRE2_ERROR_JIT_STACKLIMIT: throw .stackLimit
    case ..<0: throw .other(code: found)
    default: return match(in: subject, base: bounds.lowerBound, groups: Int(found), scratch: scratch)
    }
  }

  private static func edges(of bounds: Range<Int>, in subject: [UInt8]) -> UInt32 {
    func isNewline(_ byte: UInt8) -> Bool { byte == 10 || byte == 13 }
    let startsLine = bounds.lowerBound == 0 || isNewline(subject[bounds.lowerBound - 1])
    let endsLine = bounds.upperBound == subject.count || isNewline(subject[bounds.upperBound])
    return (startsLine ? 0 : UInt32(PCRE2_NOTBOL)) | (endsLine ? 0 : UInt32(PCRE2_NOTEOL))
  }

  private func match(in subject: [UInt8], base: Int, groups: Int, scratch: MatchScratch) -> PatternMatch? {
    // More groups than the scratch holds: PCRE2 answers 0 and fills what fits.
    let available = groups == 0 ? MatchScratch.groupCapacity : groups
    let offsets = unsafe UnsafeBufferPointer(start: pcre2_get_ovector_pointer_8(scratch.data), count: available * 2)
    let start = unsafe base + offsets[0]
    let end = unsafe max(start, base + offsets[1])
    var captures: [String: String] = [:]
    for number in numbers where number < available {
      guard let name = captureNames[number] else { continue }
      let (from, to) = unsafe (offsets[number * 2], offsets[number * 2 + 1])
      guard headroom_pcre2_is_unset(from) == 0, from <= to, base + to <= subject.count else { continue }
      // A name may stand in several branches (`(?J)`): the last one that took part wins.
      captures[name] = String(decoding: subject[(base + from)..<(base + to)], as: UTF8.self)
    }
    return PatternMatch(range: start..<end, captures: captures)
  }
}

/// Where a pattern matched, and what its named groups hold. Groups that took no part are left out.
public struct PatternMatch: Hashable, Sendable {
  /// Byte offsets into the subject.
  public var range: Range<Int>
  public var captures: [String: String]

  public init(range: Range<Int>, captures: [String: String] = [:]) {
    self.range = range
    self.captures = captures
  }
}

/// Working memory for matching: one for each thread, used for one match at a time.
@safe public final class MatchScratch {
  static let groupCapacity = 64
  let data: OpaquePointer?
  let context: OpaquePointer?
  private let stack: OpaquePointer?

  public init(limits: MatchLimits = .standard) {
    unsafe data = pcre2_match_data_create_8(UInt32(Self.groupCapacity), nil)
    unsafe context = pcre2_match_context_create_8(nil)
    unsafe stack = pcre2_jit_stack_create_8(32 << 10, limits.stackBytes, nil)
    unsafe pcre2_set_match_limit_8(context, limits.matchLimit)
    unsafe pcre2_jit_stack_assign_8(context, nil, UnsafeMutableRawPointer(stack))
  }

  deinit {
    unsafe pcre2_match_data_free_8(data)
    unsafe pcre2_match_context_free_8(context)
    unsafe pcre2_jit_stack_free_8(stack)
  }
}
