// The readers of the poll protocol with any input: they never crash, and what one reads is written
// as the same bytes.
//
// Input: "e" and an entry, "d" and a definition, "c" and a closing record, or a board file.

#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>

#include "services/polling/protocol/ballot.h"
#include "services/polling/protocol/board_file.h"
#include "services/polling/protocol/closing_record.h"
#include "services/polling/protocol/definition.h"
#include "services/polling/protocol/verify_board.h"

namespace veche::polling::protocol {
namespace {

void Require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "not so: %s\n", what);
  std::abort();
}

void CheckFile(const std::string& text) {
  std::istringstream file(text);
  auto reader = BoardFileReader::Open(file);
  if (!reader.ok()) return;
  BoardVerifier verifier;
  std::string entry;
  for (auto read = reader->Next(entry); read.ok() && *read; read = reader->Next(entry)) {
    verifier.Add(entry);
  }
  const Report report = verifier.Finish(reader->head());
  Require(report.fault_count >= report.faults.size(), "all faults are counted");
}

void Check(absl::string_view input) {
  if (input.empty()) return;
  const absl::string_view text = input.substr(1);
  if (input[0] == 'e') {
    const auto ballot = ParseEntry(text);
    if (ballot.ok()) Require(EncodeEntry(*ballot) == text, "a ballot has one encoding");
  } else if (input[0] == 'd') {
    const auto definition = ParseDefinition(text);
    if (definition.ok()) Require(EncodeDefinition(*definition) == text, "as does a definition");
  } else if (input[0] == 'c') {
    const auto record = ParseClosingRecord(text);
    if (record.ok()) Require(EncodeClosingRecord(*record) == text, "as does a closing record");
  } else {
    CheckFile(std::string(input));
  }
}

}  // namespace
}  // namespace veche::polling::protocol

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  veche::polling::protocol::Check({reinterpret_cast<const char*>(data), size});
  return 0;
}
