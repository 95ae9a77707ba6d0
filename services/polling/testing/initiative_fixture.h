#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/events/event_log.h"
#include "common/rpc/idempotency.h"
#include "common/rpc/testing.h"
#include "common/sql/testing.h"
#include "common/testing/fake_clock.h"
#include "common/testing/status_matchers.h"
#include "services/polling/calls/comment_calls.h"
#include "services/polling/calls/initiative_calls.h"
#include "services/polling/calls/initiative_step_calls.h"
#include "services/polling/calls/moderation_calls.h"
#include "services/polling/calls/opinion_calls.h"
#include "services/polling/storage/comment_store.h"
#include "services/polling/storage/initiative_store.h"
#include "services/polling/storage/migrations.h"
#include "services/polling/storage/picture_store.h"
#include "services/polling/storage/statement_store.h"
#include "services/polling/workers/initiative_schedule.h"

// Initiatives without the network, on a test's database.

namespace veche::polling::testing {

inline auth::Principal Staff(absl::string_view id, options::v1::Role role,
                             absl::string_view department = "") {
  return {.name = absl::StrCat("staff/", id),
          .roles = {options::v1::ANYONE, role},
          .department = std::string(department)};
}
inline auth::Principal Moderator() { return Staff("mod", options::v1::MODERATOR); }
inline auth::Principal Editor() {
  return Staff("editor", options::v1::EDITOR, "departments/parks");
}

struct Initiatives {
  explicit Initiatives(std::unique_ptr<sql::Database> opened = sql::testing::OpenInMemory(),
                       int64_t threshold = 3)
      : database(std::move(opened)),
        rules{.threshold = threshold, .gathering = absl::Hours(24), .response = absl::Hours(48)} {
    EXPECT_OK(sql::Migrate(*database,
                           {rpc::IdempotencyMigrations(), events::Migrations(), Migrations()}));
  }

  std::unique_ptr<sql::Database> database;
  veche::testing::FakeClock clock;
  UlidSource ids{clock};
  events::EventLog log{"polling", *database, clock, ids};
  InitiativeStore store{log};
  const InitiativeRules rules;
  // What callers have uploaded, by "attachments/{id}".
  std::map<std::string, Picture> uploaded;
  InitiativeCalls calls{
      {*database, store, clock, ids, rules, [this](const rpc::Call&, const std::string& name) {
         const auto found = uploaded.find(name);
         return found == uploaded.end() ? absl::StatusOr<Picture>(absl::NotFoundError(name))
                                        : found->second;
       }}};
  InitiativeStepCalls steps{*database, store, clock, rules};
  InitiativeSchedule schedule{*database, store, clock, observe::NullTelemetry()};
  CommentStore comments;
  StatementStore statements;
  // What the spam check answers, and what it was asked.
  absl::StatusOr<Text> spam_answer = Text();
  std::vector<std::string> spam_asked;
  const SpamCheck spam_check = [this](const rpc::Call&, const std::string& text,
                                      const std::vector<std::string>& recent) {
    spam_asked = recent;
    spam_asked.insert(spam_asked.begin(), text);
    return spam_answer;
  };
  CommentCalls comment_calls{{*database, store, comments, clock, ids, spam_check}};
  ModerationCalls moderation{*database, store, comments, clock};
  OpinionCalls opinions{{*database, store, statements, clock, ids, spam_check}};

  absl::StatusOr<v1::Initiative> Propose(const std::string& resident,
                                         const std::string& title = "Велодорожка на набережной",
                                         const std::string& district = "",
                                         const std::string& category = "",
                                         const std::vector<std::string>& pictures = {}) {
    clock.Advance(absl::Milliseconds(1));  // ids sort by time
    v1::CreateInitiativeRequest request;
    request.set_title(title);
    request.set_text(absl::StrCat(title, ". Об этом просят все вокруг."));
    request.set_district(district);
    request.set_category(category);
    for (const std::string& picture : pictures) request.add_pictures(picture);
    return calls.CreateInitiative(rpc::testing::MakeCall(rpc::testing::Resident(resident)),
                                  request);
  }
  // An initiative with an uploaded picture of these bytes.
  absl::StatusOr<v1::Initiative> ProposeWithPicture(const std::string& resident,
                                                    const std::string& bytes) {
    const std::string attachment = "attachments/" + bytes;
    uploaded[attachment] = {"hash-of-" + bytes, "image/png", bytes};
    return Propose(resident, "Велодорожка на набережной", "", "", {attachment});
  }
  absl::StatusOr<v1::Initiative> Reject(const std::string& name) {
    v1::RejectInitiativeRequest request;
    request.set_name(name);
    request.set_reason("Это реклама.");
    return steps.RejectInitiative(rpc::testing::MakeCall(Moderator()), request);
  }
  absl::StatusOr<v1::Initiative> Approve(const std::string& name) {
    v1::ApproveInitiativeRequest request;
    request.set_name(name);
    return steps.ApproveInitiative(rpc::testing::MakeCall(Moderator()), request);
  }
  // The name of a new initiative that gathers support.
  std::string Publish(const std::string& resident,
                      const std::string& title = "Велодорожка на набережной",
                      const std::string& district = "", const std::string& category = "") {
    const auto proposed = Propose(resident, title, district, category);
    EXPECT_OK(proposed);
    EXPECT_OK(Approve(proposed->name()));
    return proposed->name();
  }
  absl::StatusOr<v1::Initiative> Support(const std::string& name, const std::string& resident,
                                         bool on = true) {
    const rpc::Call call = rpc::testing::MakeCall(rpc::testing::Resident(resident));
    if (on) {
      v1::SupportInitiativeRequest request;
      request.set_name(name);
      return steps.SupportInitiative(call, request);
    }
    v1::UnsupportInitiativeRequest request;
    request.set_name(name);
    return steps.UnsupportInitiative(call, request);
  }
  absl::StatusOr<v1::Initiative> Merge(const std::string& name, const std::string& into) {
    v1::MergeInitiativeRequest request;
    request.set_name(name);
    request.set_into(into);
    return steps.MergeInitiative(rpc::testing::MakeCall(Moderator()), request);
  }
  absl::StatusOr<v1::Initiative> Respond(const std::string& name,
                                         v1::Initiative::Response::Decision decision) {
    v1::RespondToInitiativeRequest request;
    request.set_name(name);
    request.set_text("Сделаем в этом году.");
    request.set_decision(decision);
    return steps.RespondToInitiative(rpc::testing::MakeCall(Editor()), request);
  }
  absl::StatusOr<v1::Initiative> Get(const std::string& name, const auth::Principal& caller = {}) {
    v1::GetInitiativeRequest request;
    request.set_name(name);
    return calls.GetInitiative(rpc::testing::MakeCall(caller), request);
  }
  absl::StatusOr<v1::ListInitiativesResponse> List(const v1::ListInitiativesRequest& request,
                                                   const auth::Principal& caller = {}) {
    return calls.ListInitiatives(rpc::testing::MakeCall(caller), request);
  }
  // The names of the pages of a list together.
  std::vector<std::string> ListAll(v1::ListInitiativesRequest request,
                                   const auth::Principal& caller = {}) {
    std::vector<std::string> names;
    for (int page = 0; page < 100; ++page) {
      const auto listed = List(request, caller);
      EXPECT_OK(listed);
      if (!listed.ok()) break;
      for (const auto& initiative : listed->initiatives()) names.push_back(initiative.name());
      if (listed->next_page_token().empty()) break;
      request.set_page_token(listed->next_page_token());
    }
    return names;
  }
  absl::StatusOr<v1::Comment> Comment(const std::string& initiative, const auth::Principal& caller,
                                      const std::string& text, const std::string& reply_to = "") {
    clock.Advance(absl::Milliseconds(1));  // ids sort by time
    v1::CreateCommentRequest request;
    request.set_parent(initiative);
    request.set_text(text);
    request.set_reply_to(reply_to);
    return comment_calls.CreateComment(rpc::testing::MakeCall(caller), request);
  }
  absl::StatusOr<v1::ListCommentsResponse> ListComments(const v1::ListCommentsRequest& request,
                                                        const auth::Principal& caller = {}) {
    return comment_calls.ListComments(rpc::testing::MakeCall(caller), request);
  }
  absl::StatusOr<v1::Comment> Vote(const std::string& comment, const std::string& resident,
                                   v1::Comment::Vote vote) {
    v1::VoteOnCommentRequest request;
    request.set_name(comment);
    request.set_value(vote);
    return comment_calls.VoteOnComment(rpc::testing::MakeCall(rpc::testing::Resident(resident)),
                                       request);
  }
  absl::StatusOr<v1::Comment> Edit(const std::string& comment, const auth::Principal& caller,
                                   const std::string& text) {
    v1::EditCommentRequest request;
    request.set_name(comment);
    request.set_text(text);
    return comment_calls.EditComment(rpc::testing::MakeCall(caller), request);
  }
  absl::StatusOr<v1::Statement> State(const std::string& initiative, const std::string& resident,
                                      const std::string& text) {
    clock.Advance(absl::Milliseconds(1));
    v1::CreateStatementRequest request;
    request.set_parent(initiative);
    request.set_text(text);
    return opinions.CreateStatement(rpc::testing::MakeCall(rpc::testing::Resident(resident)),
                                    request);
  }
  absl::StatusOr<v1::Statement> Judge(const std::string& statement, const std::string& resident,
                                      v1::Statement::Vote vote) {
    v1::VoteOnStatementRequest request;
    request.set_name(statement);
    request.set_value(vote);
    return opinions.VoteOnStatement(rpc::testing::MakeCall(rpc::testing::Resident(resident)),
                                    request);
  }
  absl::StatusOr<v1::OpinionMap> Map(const std::string& initiative,
                                     const auth::Principal& caller = {}) {
    v1::GetOpinionMapRequest request;
    request.set_parent(initiative);
    return opinions.GetOpinionMap(rpc::testing::MakeCall(caller), request);
  }
  // The types of all events so far, without their prefix.
  std::vector<std::string> Events() {
    std::vector<std::string> types;
    const auto events = log.ReadAfter("", 1000);
    EXPECT_OK(events);
    for (const events::Event& event : *events) {
      types.push_back(event.type.substr(strlen("veche.polling.")));
    }
    return types;
  }
};

}  // namespace veche::polling::testing
