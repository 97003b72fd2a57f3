// Build tool: reads packs and writes them into one Swift file, checked and in the flat form.
import Foundation
import RulePack

let arguments = CommandLine.arguments.dropFirst()
guard let output = arguments.first else {
  FileHandle.standardError.write(Data("usage: PackEmbedder OUTPUT.swift PACK.yaml ...\n".utf8))
  exit(2)
}
var reader = PackReader()
for path in arguments.dropFirst().sorted() {
  let text = try String(contentsOfFile: path, encoding: .utf8)
  reader.read(text, file: "Rules/" + (path as NSString).lastPathComponent)
}
// There is nothing below the built-in packs that they could change.
guard reader.faults.isEmpty, reader.layer.overrides.isEmpty, reader.layer.disabled.isEmpty else {
  FileHandle.standardError.write(Data((RuleFaults(reader.faults).description + "\n").utf8))
  exit(1)
}
var literal = ""
for scalar in FlatForm.encode(reader.rules).unicodeScalars {
  switch scalar {
  case "\"", "\\": literal += "\\" + String(scalar)
  case "\n": literal += "\\n"
  case _ where scalar.value < 32 || scalar.value == 127: literal += "\\u{\(String(scalar.value, radix: 16))}"
  default: literal.unicodeScalars.append(scalar)
  }
}
let source = "let embeddedPacks: StaticString = \"\(literal)\"\n"
try source.write(toFile: output, atomically: true, encoding: .utf8)
