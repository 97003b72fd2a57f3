// Compiled into one module with Sources/MarkerBlock: `make fuzz`.

/// Takes any bytes for a file, the lines on record and the sections to write, and holds the merge to its promises.
///
/// The parts of the input are separated by the byte 0x1F: the file, the lines on record (none: nobody knows), and then
/// one section or removal each, its title on the first line.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzBlocks(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  let parts = input.split(separator: 0x1F, omittingEmptySubsequences: false).map { Array($0) }
  let file = parts.first ?? []
  let record = parts.count > 1 && !parts[1].isEmpty ? Set(lines(of: parts[1])) : nil
  var sections: [BlockSection] = []
  var removals: Set<Removal> = []
  for part in parts.dropFirst(2) {
    let lines = lines(of: part)
    let title = lines.first ?? ""
    if let section = try? BlockSection(
      title: title, tokensSavedPerSession: part.count % 3 == 0 ? part.count : nil, lines: Array(lines.dropFirst()))
    {
      sections.append(section)
    } else {
      removals.formUnion([.section(title: title), .line(lines.last ?? "")])
    }
  }
  guard let date = BlockDate("2026-11-22"), let later = BlockDate("2027-01-01") else { return -1 }

  let result = merge(sections: sections, removing: removals, into: file, date: date, previouslyWritten: record)
  require(result.changed == (result.bytes != file), "says whether it changed anything")
  if result.notes.contains(.refused) {
    require(!result.changed, "a refusal changes nothing")
    return 0
  }
  let before = BlockLayout(file)
  let after = BlockLayout(result.bytes)
  require(
    before.blocks.isEmpty
      ? isInserted(in: file, result.bytes, layout: before) : outside(before) == outside(after), "outside")
  let blocks = after.blocks.count
  require(sections.isEmpty ? blocks <= 1 || !result.changed : blocks == 1, "one block")
  let again = merge(
    sections: sections, removing: removals, into: result.bytes, date: later, previouslyWritten: result.written)
  require(again.bytes == result.bytes, "a second run changes nothing")
  let fresh = merge(sections: sections, into: [], date: date)
  require(BlockDocument(parsing: fresh.bytes).sections == sections, "what is rendered reads back")
  _ = unifiedDiff(old: file, new: result.bytes, oldName: "a", newName: "b")
  return 0
}

private func require(_ holds: Bool, _ promise: StaticString) {
  if !holds { fatalError("\(promise)") }
}

private func lines(of part: [UInt8]) -> [String] {
  part.split(separator: 0x0A, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
}

private func outside(_ layout: BlockLayout) -> [UInt8] {
  var bytes: [UInt8] = []
  var start = 0
  for block in layout.blocks {
    bytes += layout.text.bytes[start..<layout.text.start(ofLine: block.lines.lowerBound)]
    start = layout.text.start(ofLine: block.lines.upperBound)
  }
  return bytes + layout.text.bytes[start...]
}

/// Whether the new text is the old one with something put in at its end, or above its open code fence.
private func isInserted(in old: [UInt8], _ new: [UInt8], layout: BlockLayout) -> Bool {
  if old == new { return true }
  let place = layout.openFence.map { layout.text.start(ofLine: $0) } ?? old.count
  return new.count > old.count && new.starts(with: old[..<place]) && new.suffix(old.count - place) == old[place...]
}
