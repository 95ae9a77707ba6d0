#include "services/polling/commands/verify_poll.h"

#include <fstream>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/polling/commands/flags.h"
#include "services/polling/commands/mirror.h"
#include "services/polling/commands/report_text.h"
#include "services/polling/protocol/board_file.h"
#include "services/polling/protocol/verify_board.h"

namespace veche::polling {
namespace {

constexpr absl::string_view kUsage =
    "Usage: veche verify-poll FILE [--board-key BASE64] [--json]\n"
    "       veche verify-poll --mirror STATE_FILE --url http://127.0.0.1:8080/v1/polls/ID\n"
    "                         [--board-key BASE64]\n";
constexpr int kFaults = 1;
constexpr int kUnreadable = 2;

absl::StatusOr<protocol::Report> VerifyFile(const std::string& name, const std::string& board_key) {
  std::ifstream file(name, std::ios::binary);
  if (!file) return absl::NotFoundError(absl::StrCat(name, " cannot be opened."));
  ASSIGN_OR_RETURN(protocol::BoardFileReader reader, protocol::BoardFileReader::Open(file));
  protocol::BoardVerifier verifier("", board_key);
  std::string entry;
  for (;;) {
    ASSIGN_OR_RETURN(const bool read, reader.Next(entry));
    if (!read) break;
    verifier.Add(entry);
  }
  return verifier.Finish(reader.head());
}

int Mirror(const Flags& flags, const std::string& board_key, std::ostream& out, std::ostream& err) {
  const absl::Status status = MirrorBoard(flags.Get("url"), flags.Get("mirror"), board_key, out);
  if (status.ok()) return 0;
  if (absl::IsDataLoss(status)) return kFaults;
  err << status.message() << "\n";
  return kUnreadable;
}

}  // namespace

int RunVerifyPoll(const std::vector<std::string>& args, std::ostream& out, std::ostream& err) {
  const auto flags = ParseFlags(args, {"board-key", "mirror", "url"}, {"json"});
  const bool mirrors = flags.ok() && flags->Has("mirror");
  if (!flags.ok() || mirrors != flags->Has("url") || flags->words.size() != (mirrors ? 0 : 1)) {
    if (!flags.ok()) err << flags.status().message() << "\n";
    err << kUsage;
    return kUnreadable;
  }
  std::string board_key;
  if (!absl::Base64Unescape(flags->Get("board-key"), &board_key) ||
      (!board_key.empty() && board_key.size() != 32)) {
    err << "--board-key must be the base64 of 32 bytes.\n";
    return kUnreadable;
  }
  if (mirrors) return Mirror(*flags, board_key, out, err);
  const auto report = VerifyFile(flags->words[0], board_key);
  if (!report.ok()) {
    err << report.status().message() << "\n";
    return kUnreadable;
  }
  if (flags->Has("json")) {
    PrintReportJson(*report, out);
  } else {
    PrintReport(*report, !board_key.empty(), out);
  }
  return report->fault_count == 0 ? 0 : kFaults;
}

}  // namespace veche::polling
