#include "services/polling/commands/demo.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/api/timestamp.h"
#include "common/auth/access.h"
#include "common/base/status_macros.h"
#include "common/rpc/call.h"
#include "common/rpc/status.h"
#include "services/polling/commands/demo_ballot.h"
#include "veche/polling/v1/polls.grpc.pb.h"

namespace veche::polling {

namespace {

constexpr char kOpenPolls[] = "open_polls.json";
constexpr char kClosedPoll[] = "closed_poll.json";
constexpr absl::Duration kTimeout = absl::Seconds(30);
constexpr absl::Duration kOpenFor = absl::Hours(30 * 24);
constexpr absl::Duration kOpenLonger = absl::Hours(3 * 24);  // each poll than the one before
constexpr int kPageSize = 100;
// Small, so that a newcomer sees the receipt at once.
constexpr int kOpenBatchBallots = 5;
constexpr int kOpenBatchSeconds = 5;
constexpr int kClosedBatchBallots = 20;
// How many places up or down a voter may put an option from the usual order.
constexpr double kDisagreement = 5;

// The RPCs of polls as one caller.
class PollCaller {
 public:
  // `editor`: an access token; "": acts as the operators' commands, to a service of this process.
  PollCaller(const std::shared_ptr<grpc::Channel>& polling, std::string editor)
      : stub_(v1::Polls::NewStub(polling)), editor_(std::move(editor)) {}

  template <typename Request, typename Response>
  absl::Status Call(grpc::Status (v1::Polls::Stub::*method)(grpc::ClientContext*, const Request&,
                                                            Response*),
                    const Request& request, Response& response) const {
    std::unique_ptr<grpc::ClientContext> context;
    if (editor_.empty()) {
      context = rpc::NewBackgroundContext(auth::kCommands, kTimeout);
    } else {
      context = std::make_unique<grpc::ClientContext>();
      context->set_deadline(absl::ToChronoTime(absl::Now() + kTimeout));
      context->AddMetadata("authorization", absl::StrCat("Bearer ", editor_));
    }
    return rpc::FromGrpc((stub_.get()->*method)(context.get(), request, &response));
  }
  v1::Polls::Stub& stub() const { return *stub_; }

 private:
  const std::unique_ptr<v1::Polls::Stub> stub_;
  const std::string editor_;
};

// The message in a file that the city has.
template <typename Message>
absl::StatusOr<Message> ReadDemoFile(const DemoFiles& files, absl::string_view name) {
  Message message;
  const auto read =
      google::protobuf::util::JsonStringToMessage(std::string(files.Get(name)), &message);
  if (read.ok()) return message;
  return absl::InternalError(absl::StrCat(name, ": ", std::string(read.message())));
}

// The titles by language.
using Titles = std::map<std::string, std::string>;

Titles TitlesOf(const v1::Poll& poll) { return {poll.titles().begin(), poll.titles().end()}; }

using PollsByTitles = std::map<Titles, v1::Poll>;

absl::StatusOr<PollsByTitles> ListAllPolls(const PollCaller& polls) {
  PollsByTitles found;
  v1::ListPollsRequest request;
  request.set_page_size(kPageSize);
  do {
    v1::ListPollsResponse page;
    RETURN_IF_ERROR(polls.Call(&v1::Polls::Stub::ListPolls, request, page));
    for (v1::Poll& poll : *page.mutable_polls()) {
      Titles titles = TitlesOf(poll);
      found.emplace(std::move(titles), std::move(poll));
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return found;
}

// The poll with the titles of `wanted`; a new draft when there is none.
absl::StatusOr<v1::Poll> FindOrCreate(const PollCaller& polls, const PollsByTitles& found,
                                      v1::Poll wanted, absl::Time close_time) {
  const auto known = found.find(TitlesOf(wanted));
  if (known != found.end()) return known->second;
  *wanted.mutable_close_time() = api::ToTimestamp(close_time);
  v1::CreatePollRequest request;
  *request.mutable_poll() = std::move(wanted);
  v1::Poll created;
  RETURN_IF_ERROR(polls.Call(&v1::Polls::Stub::CreatePoll, request, created));
  return created;
}

// Fixes a draft; returns the poll as it is afterwards.
absl::StatusOr<v1::Poll> Open(const PollCaller& polls, v1::Poll poll) {
  if (poll.state() != v1::Poll::DRAFT) return poll;
  v1::OpenPollRequest request;
  request.set_name(poll.name());
  RETURN_IF_ERROR(polls.Call(&v1::Polls::Stub::OpenPoll, request, poll));
  return poll;
}

// An answer to each question. Voters prefer the first options, but not all of them do.
std::vector<protocol::Answer> MakeAnswers(const protocol::Definition& definition,
                                          std::minstd_rand& random) {
  std::vector<protocol::Answer> answers;
  std::uniform_real_distribution<double> mood(0, kDisagreement);
  for (const protocol::Definition::Question& question : definition.questions) {
    std::vector<std::pair<double, std::string>> ranked;
    for (size_t i = 0; i < question.options.size(); ++i) {
      ranked.emplace_back(static_cast<double>(i) + mood(random), question.options[i].id);
    }
    std::sort(ranked.begin(), ranked.end());
    ranked.resize(std::min(ranked.size(), static_cast<size_t>(question.max)));
    protocol::Answer answer{.question = question.id};
    for (auto& option : ranked) answer.options.push_back(std::move(option.second));
    answers.push_back(std::move(answer));
  }
  return answers;
}

absl::Status CastAll(const PollCaller& polls, const std::string& poll,
                     const std::vector<std::string>& tokens,
                     const std::function<bool()>& stopping) {
  v1::GetPollRequest request;
  request.set_name(poll);
  v1::Poll whole;
  RETURN_IF_ERROR(polls.Call(&v1::Polls::Stub::GetPoll, request, whole));
  if (whole.definition().empty()) return absl::UnavailableError("The poll has no key yet.");
  ASSIGN_OR_RETURN(const protocol::Definition definition,
                   protocol::ParseDefinition(whole.definition()));
  std::minstd_rand random(1);  // the same answers in each demo
  for (const std::string& token : tokens) {
    if (stopping()) return absl::CancelledError();
    const absl::Status cast =
        CastDemoBallot(polls.stub(), definition, MakeAnswers(definition, random), token);
    // The resident's credential was issued to a run of the program that ended before the ballot.
    if (!cast.ok() && !absl::IsAlreadyExists(cast)) return cast;
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status OpenDemoPolls(const std::shared_ptr<grpc::Channel>& polling, const DemoFiles& files,
                           absl::Time now, const std::function<bool()>& stopping) {
  if (files.Get(kOpenPolls).empty()) return absl::OkStatus();
  const PollCaller polls(polling, "");
  ASSIGN_OR_RETURN(v1::ListPollsResponse wanted,
                   ReadDemoFile<v1::ListPollsResponse>(files, kOpenPolls));
  ASSIGN_OR_RETURN(const PollsByTitles found, ListAllPolls(polls));
  absl::Time close_time = now + kOpenFor;
  for (v1::Poll& poll : *wanted.mutable_polls()) {
    if (stopping()) return absl::CancelledError();
    poll.mutable_batch()->set_ballots(kOpenBatchBallots);
    poll.mutable_batch()->set_seconds(kOpenBatchSeconds);
    ASSIGN_OR_RETURN(v1::Poll draft, FindOrCreate(polls, found, std::move(poll), close_time));
    RETURN_IF_ERROR(Open(polls, std::move(draft)).status());
    close_time += kOpenLonger;
  }
  return absl::OkStatus();
}

absl::Status HoldDemoPoll(
    const std::shared_ptr<grpc::Channel>& polling, const DemoFiles& files,
    const std::string& editor, absl::Time now,
    absl::FunctionRef<absl::StatusOr<std::vector<std::string>>()> sign_in_voters,
    const std::function<bool()>& stopping) {
  if (files.Get(kClosedPoll).empty()) return absl::OkStatus();
  const PollCaller polls(polling, editor);
  ASSIGN_OR_RETURN(v1::Poll poll, ReadDemoFile<v1::Poll>(files, kClosedPoll));
  ASSIGN_OR_RETURN(const PollsByTitles found, ListAllPolls(polls));
  poll.mutable_batch()->set_ballots(kClosedBatchBallots);
  ASSIGN_OR_RETURN(poll, FindOrCreate(polls, found, std::move(poll), now + kOpenFor));
  if (poll.state() >= v1::Poll::CLOSING) return absl::OkStatus();
  // Before the opening, which counts the residents who may vote.
  ASSIGN_OR_RETURN(const std::vector<std::string> tokens, sign_in_voters());
  ASSIGN_OR_RETURN(poll, Open(polls, std::move(poll)));
  RETURN_IF_ERROR(CastAll(polls, poll.name(), tokens, stopping));
  v1::ClosePollRequest request;
  request.set_name(poll.name());
  return polls.Call(&v1::Polls::Stub::ClosePoll, request, poll);
}

}  // namespace veche::polling
