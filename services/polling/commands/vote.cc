#include "services/polling/commands/vote.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "services/polling/commands/flags.h"
#include "services/polling/commands/voter.h"

namespace veche::polling {
namespace {

constexpr absl::string_view kUsage =
    "Usage: veche vote --url http://127.0.0.1:8080 --poll ID --token TOKEN --answer q1=o2,o3 …\n"
    "                  [--state FILE] [--revote] [--wait SECONDS]\n"
    "       veche vote --url http://127.0.0.1:8080 --poll ID [--state FILE] --check\n";
constexpr int kWaitSeconds = 900;

absl::StatusOr<std::vector<protocol::Answer>> ParseAnswers(const Flags& flags) {
  std::vector<protocol::Answer> answers;
  const auto [first, last] = flags.values.equal_range("answer");
  for (auto it = first; it != last; ++it) {
    const std::pair<std::string, std::string> parts =
        absl::StrSplit(it->second, absl::MaxSplits('=', 1));
    if (parts.first.empty() || parts.second.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--answer must be like q1=o2,o3, but is ", it->second, "."));
    }
    answers.push_back({.question = parts.first, .options = absl::StrSplit(parts.second, ',')});
  }
  return answers;
}

absl::Status Vote(const Flags& flags, std::ostream& out) {
  const std::string poll(absl::StripPrefix(flags.Get("poll"), "polls/"));
  std::string state_file = flags.Get("state");
  if (state_file.empty()) state_file = absl::StrCat("vote-", poll, ".json");
  int wait = kWaitSeconds;
  if (flags.Has("wait") && (!absl::SimpleAtoi(flags.Get("wait"), &wait) || wait < 0)) {
    return absl::InvalidArgumentError("--wait must be a number of seconds.");
  }
  ASSIGN_OR_RETURN(const std::vector<protocol::Answer> answers, ParseAnswers(flags));
  const std::string url(absl::StripSuffix(flags.Get("url"), "/"));
  ASSIGN_OR_RETURN(const std::unique_ptr<Voter> voter, Voter::Open(url, poll, state_file));
  if (!flags.Has("check")) {
    RETURN_IF_ERROR(voter->GetCredentials(flags.Get("token")));
    RETURN_IF_ERROR(voter->Cast(answers, flags.Has("revote")));
  }
  RETURN_IF_ERROR(voter->AwaitReceipt(absl::Seconds(wait)));
  if (flags.Has("check")) RETURN_IF_ERROR(voter->CheckBoard());
  voter->Print(out);
  return absl::OkStatus();
}

}  // namespace

int RunVote(const std::vector<std::string>& args, std::ostream& out, std::ostream& err) {
  const auto flags =
      ParseFlags(args, {"url", "poll", "token", "answer", "state", "wait"}, {"revote", "check"});
  if (!flags.ok() || !flags->words.empty() || flags->Get("url").empty() ||
      flags->Get("poll").empty()) {
    if (!flags.ok()) err << flags.status().message() << "\n";
    err << kUsage;
    return 2;
  }
  const absl::Status status = Vote(*flags, out);
  if (status.ok()) return 0;
  err << status.message() << std::endl;
  return 1;
}

}  // namespace veche::polling
