#include "services/polling/commands/demo_initiatives.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "common/auth/access.h"
#include "common/base/status_macros.h"
#include "common/rpc/call.h"
#include "common/rpc/status.h"
#include "veche/polling/v1/discussions.grpc.pb.h"
#include "veche/polling/v1/initiatives.grpc.pb.h"

namespace veche::polling {

namespace {

constexpr absl::Duration kTimeout = absl::Seconds(30);
constexpr int kPageSize = 200;
constexpr int kThreads = 3;    // of a discussion
constexpr int kMostVotes = 7;  // on a comment

struct Row {
  v1::Initiative::State state;
  std::string district;
  std::string category;
  std::string title;
  std::string text;
  std::string answer;  // the city's answer, the moderator's reason or the title to merge into
};

absl::StatusOr<std::vector<Row>> ReadRows(const DemoFiles& files) {
  ASSIGN_OR_RETURN(
      const std::vector<DemoFiles::Row> lines,
      files.Rows("initiatives.tsv", {"state", "district", "category", "title", "text", "answer"}));
  std::vector<Row> rows;
  for (const DemoFiles::Row& columns : lines) {
    Row row;
    if (!v1::Initiative::State_Parse(std::string(columns[0]), &row.state)) {
      return absl::InternalError(absl::StrCat("demo initiative: ", columns[3]));
    }
    row.district = std::string(columns[1]);
    row.category = std::string(columns[2]);
    row.title = std::string(columns[3]);
    row.text = std::string(columns[4]);
    row.answer = std::string(columns[5]);
    rows.push_back(std::move(row));
  }
  return rows;
}

// What residents and the city say in discussions.
struct Texts {
  std::vector<std::string> comments;  // of residents
  std::string official_comment;
  std::string stage_title;
};

absl::StatusOr<Texts> ReadTexts(const DemoFiles& files) {
  Texts texts{.comments = absl::StrSplit(files.Get("comments.txt"), '\n', absl::SkipEmpty())};
  ASSIGN_OR_RETURN(const std::vector<DemoFiles::Row> replies,
                   files.Rows("replies.tsv", {"of", "text"}));
  for (const DemoFiles::Row& reply : replies) {
    (reply[0] == "stage" ? texts.stage_title : texts.official_comment) = std::string(reply[1]);
  }
  if (texts.comments.empty() || texts.official_comment.empty() || texts.stage_title.empty()) {
    return absl::InternalError("Initiatives of a demo need comments.txt and replies.tsv.");
  }
  return texts;
}

int64_t WantedSupporters(v1::Initiative::State state, int64_t threshold, size_t number) {
  switch (state) {
    case v1::Initiative::AWAITING_RESPONSE:
    case v1::Initiative::ACCEPTED:
    case v1::Initiative::DECLINED:
      return threshold;
    case v1::Initiative::MERGED:  // few: they are added to those of an initiative that gathers
      return threshold / 8;
    default:
      return threshold * static_cast<int64_t>(1 + number % 4) / 6;
  }
}

class Loader {
 public:
  Loader(const std::shared_ptr<grpc::Channel>& polling, Texts texts)
      : initiatives_(v1::Initiatives::NewStub(polling)),
        discussions_(v1::Discussions::NewStub(polling)),
        texts_(std::move(texts)) {}

  // Reads what there is, by title. Without a moderator's token, only what is published.
  absl::Status ListKnown(const std::string& moderator);
  bool Knows(const Row& row) const { return known_.contains(row.title); }
  // Makes the initiative of the row with this number, or the steps that are left.
  absl::Status Load(const Row& row, size_t number, const DemoParticipants& people);
  // Ends the gathering of the row's initiative. Unavailable until Load has made it, in this program
  // or another.
  absl::Status Expire(const Row& row, size_t number);

 private:
  using Initiative = v1::Initiative;

  template <typename Stub, typename Request, typename Response>
  absl::Status Call(Stub& stub,
                    grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const std::string& token, const Request& request, Response& response) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + kTimeout));
    if (!token.empty()) context.AddMetadata("authorization", absl::StrCat("Bearer ", token));
    return rpc::FromGrpc((stub.*method)(&context, request, &response));
  }
  // A step that needs the name alone.
  template <typename Request>
  absl::Status Step(grpc::Status (v1::Initiatives::Stub::*method)(grpc::ClientContext*,
                                                                  const Request&, Initiative*),
                    const std::string& token, Initiative& initiative) {
    Request request;
    request.set_name(initiative.name());
    return Call(*initiatives_, method, token, request, initiative);
  }

  absl::Status Propose(const Row& row, const std::string& author, Initiative& initiative);
  absl::Status Moderate(const Row& row, const DemoParticipants& people, Initiative& initiative);
  absl::Status Discuss(const DemoParticipants& people, const Initiative& initiative);
  absl::StatusOr<std::string> Comment(const std::string& token, const std::string& initiative,
                                      const std::string& text, const std::string& reply_to);
  absl::Status VoteOn(const std::string& comment, const DemoParticipants& people);
  absl::Status Support(const Row& row, size_t number, const DemoParticipants& people,
                       Initiative& initiative);
  absl::Status Decide(const Row& row, const std::string& author, const DemoParticipants& people,
                      Initiative& initiative);

  const std::string& NextWriter(const DemoParticipants& people) {
    return people.residents[writer_++ % people.residents.size()];
  }

  const std::unique_ptr<v1::Initiatives::Stub> initiatives_;
  const std::unique_ptr<v1::Discussions::Stub> discussions_;
  const Texts texts_;
  std::map<std::string, Initiative> known_;
  // Residents write in turn: a new account may write few comments in ten minutes.
  size_t writer_ = 0;
};

absl::Status Loader::ListKnown(const std::string& moderator) {
  for (const auto state :
       {Initiative::STATE_UNSPECIFIED, Initiative::MODERATION, Initiative::REJECTED}) {
    if (moderator.empty() && state != Initiative::STATE_UNSPECIFIED) continue;
    v1::ListInitiativesRequest request;
    request.set_page_size(kPageSize);
    request.set_state(state);
    do {
      v1::ListInitiativesResponse page;
      RETURN_IF_ERROR(
          Call(*initiatives_, &v1::Initiatives::Stub::ListInitiatives, moderator, request, page));
      for (const Initiative& initiative : page.initiatives()) {
        known_.emplace(initiative.title(), initiative);
      }
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
  }
  return absl::OkStatus();
}

absl::Status Loader::Load(const Row& row, size_t number, const DemoParticipants& people) {
  const std::string& author = people.residents[number % people.residents.size()];
  Initiative& initiative = known_[row.title];
  if (initiative.name().empty()) RETURN_IF_ERROR(Propose(row, author, initiative));
  if (row.state == Initiative::MODERATION) return absl::OkStatus();
  if (initiative.state() == Initiative::MODERATION) {
    RETURN_IF_ERROR(Moderate(row, people, initiative));
  }
  if (initiative.state() != Initiative::GATHERING &&
      initiative.state() != Initiative::AWAITING_RESPONSE) {
    return absl::OkStatus();
  }
  if (initiative.comment_count() == 0 && row.state != Initiative::WITHDRAWN) {
    RETURN_IF_ERROR(Discuss(people, initiative));
  }
  RETURN_IF_ERROR(Support(row, number, people, initiative));
  return Decide(row, author, people, initiative);
}

absl::Status Loader::Expire(const Row& row, size_t number) {
  const Initiative& initiative = known_[row.title];
  if (initiative.state() == Initiative::EXPIRED) return absl::OkStatus();
  const bool whole =
      initiative.state() == Initiative::GATHERING && initiative.comment_count() > kThreads &&
      initiative.supporter_count() >= WantedSupporters(row.state, initiative.threshold(), number);
  if (!whole) return absl::UnavailableError("The demo's initiatives are not there yet.");
  v1::ExpireInitiativeRequest request;
  request.set_name(initiative.name());
  Initiative expired;
  const auto context = rpc::NewBackgroundContext(auth::kCommands, kTimeout);
  return rpc::FromGrpc(initiatives_->ExpireInitiative(context.get(), request, &expired));
}

absl::Status Loader::Propose(const Row& row, const std::string& author, Initiative& initiative) {
  v1::CreateInitiativeRequest request;
  request.set_title(row.title);
  request.set_text(row.text);
  request.set_district(row.district);
  request.set_category(row.category);
  return Call(*initiatives_, &v1::Initiatives::Stub::CreateInitiative, author, request, initiative);
}

absl::Status Loader::Moderate(const Row& row, const DemoParticipants& people,
                              Initiative& initiative) {
  if (row.state != Initiative::REJECTED) {
    return Step(&v1::Initiatives::Stub::ApproveInitiative, people.moderator, initiative);
  }
  v1::RejectInitiativeRequest request;
  request.set_name(initiative.name());
  request.set_reason(row.answer);
  return Call(*initiatives_, &v1::Initiatives::Stub::RejectInitiative, people.moderator, request,
              initiative);
}

absl::StatusOr<std::string> Loader::Comment(const std::string& token, const std::string& initiative,
                                            const std::string& text, const std::string& reply_to) {
  v1::CreateCommentRequest request;
  request.set_parent(initiative);
  request.set_text(text);
  request.set_reply_to(reply_to);
  v1::Comment comment;
  RETURN_IF_ERROR(
      Call(*discussions_, &v1::Discussions::Stub::CreateComment, token, request, comment));
  return comment.name();
}

absl::Status Loader::Discuss(const DemoParticipants& people, const Initiative& initiative) {
  std::string first;
  for (int i = 0; i < kThreads; ++i) {
    const std::string& text = texts_.comments[writer_ % texts_.comments.size()];
    ASSIGN_OR_RETURN(const std::string comment,
                     Comment(NextWriter(people), initiative.name(), text, ""));
    RETURN_IF_ERROR(VoteOn(comment, people));
    if (first.empty()) first = comment;
  }
  return Comment(people.editor, initiative.name(), texts_.official_comment, first).status();
}

absl::Status Loader::VoteOn(const std::string& comment, const DemoParticipants& people) {
  const size_t votes = writer_ * writer_ % (kMostVotes + 1);
  for (size_t i = 0; i < votes; ++i) {
    v1::VoteOnCommentRequest request;
    request.set_name(comment);
    request.set_value(i % 4 == 3 ? v1::Comment::DOWN : v1::Comment::UP);
    v1::Comment response;
    RETURN_IF_ERROR(Call(*discussions_, &v1::Discussions::Stub::VoteOnComment,
                         people.residents[(writer_ + i) % people.residents.size()], request,
                         response));
  }
  return absl::OkStatus();
}

absl::Status Loader::Support(const Row& row, size_t number, const DemoParticipants& people,
                             Initiative& initiative) {
  const int64_t wanted = WantedSupporters(row.state, initiative.threshold(), number);
  for (size_t i = 1; i <= people.residents.size() && initiative.supporter_count() < wanted; ++i) {
    RETURN_IF_ERROR(Step(&v1::Initiatives::Stub::SupportInitiative,
                         people.residents[(number + i) % people.residents.size()], initiative));
  }
  return absl::OkStatus();
}

absl::Status Loader::Decide(const Row& row, const std::string& author,
                            const DemoParticipants& people, Initiative& initiative) {
  if (row.state == Initiative::WITHDRAWN) {
    return Step(&v1::Initiatives::Stub::WithdrawInitiative, author, initiative);
  }
  if (row.state == Initiative::MERGED) {
    v1::MergeInitiativeRequest request;
    request.set_name(initiative.name());
    request.set_into(known_[row.answer].name());
    return Call(*initiatives_, &v1::Initiatives::Stub::MergeInitiative, people.moderator, request,
                initiative);
  }
  const bool accepted = row.state == Initiative::ACCEPTED;
  if (!accepted && row.state != Initiative::DECLINED) return absl::OkStatus();
  v1::RespondToInitiativeRequest request;
  request.set_name(initiative.name());
  request.set_text(row.answer);
  request.set_decision(accepted ? Initiative::Response::ACCEPTED : Initiative::Response::DECLINED);
  RETURN_IF_ERROR(Call(*initiatives_, &v1::Initiatives::Stub::RespondToInitiative, people.editor,
                       request, initiative));
  if (!accepted) return absl::OkStatus();
  v1::AddInitiativeStageRequest stage;
  stage.set_name(initiative.name());
  stage.set_title(texts_.stage_title);
  return Call(*initiatives_, &v1::Initiatives::Stub::AddInitiativeStage, people.editor, stage,
              initiative);
}

}  // namespace

absl::Status ExpireDemoInitiatives(const std::shared_ptr<grpc::Channel>& polling,
                                   const DemoFiles& files) {
  ASSIGN_OR_RETURN(const std::vector<Row> rows, ReadRows(files));
  if (rows.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(Texts texts, ReadTexts(files));
  Loader loader(polling, std::move(texts));
  RETURN_IF_ERROR(loader.ListKnown(/*moderator=*/""));
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].state == v1::Initiative::EXPIRED) RETURN_IF_ERROR(loader.Expire(rows[i], i));
  }
  return absl::OkStatus();
}

absl::Status LoadDemoInitiatives(const std::shared_ptr<grpc::Channel>& polling,
                                 const DemoFiles& files, const std::string& moderator,
                                 absl::FunctionRef<absl::StatusOr<DemoParticipants>()> sign_in,
                                 const std::function<bool()>& stopping) {
  ASSIGN_OR_RETURN(const std::vector<Row> rows, ReadRows(files));
  if (rows.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(Texts texts, ReadTexts(files));
  Loader loader(polling, std::move(texts));
  RETURN_IF_ERROR(loader.ListKnown(moderator));
  // Rows are made in order, and the last needs one step: only the last known one can be unfinished.
  const auto missing =
      std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return !loader.Knows(row); });
  if (missing == rows.end()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const DemoParticipants people, sign_in());
  for (size_t i = std::max<ptrdiff_t>(missing - rows.begin() - 1, 0); i < rows.size(); ++i) {
    if (stopping()) return absl::CancelledError();
    RETURN_IF_ERROR(loader.Load(rows[i], i, people));
  }
  return absl::OkStatus();
}

}  // namespace veche::polling
