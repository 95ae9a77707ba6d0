#include "services/polling/calls/poll_input.h"

#include <gmock/gmock.h>

#include <functional>

#include "absl/strings/str_cat.h"
#include "common/testing/status_matchers.h"
#include "google/protobuf/text_format.h"
#include "google/rpc/error_details.pb.h"

namespace veche::polling {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr int64_t kNow = 1'800'000'000;

v1::Poll MakePoll() {
  v1::Poll poll;
  EXPECT_TRUE(
      google::protobuf::TextFormat::ParseFromString(R"pb(
                                                      titles { key: "ru" value: "Парк" }
                                                      questions {
                                                        texts { key: "ru" value: "Где?" }
                                                        type: SINGLE
                                                        options { texts { key: "ru" value: "Тут" } }
                                                        options { texts { key: "ru" value: "Там" } }
                                                      }
                                                      close_time { seconds: 1800600000 })pb",
                                                    &poll));
  return poll;
}

std::string WrongFields(const v1::Poll& poll) {
  Violations violations;
  ToDraft(poll,
          {.now = absl::FromUnixSeconds(kNow),
           .issuers = {"city", "union"},
           .districts = {"districts/a"}},
          violations);
  google::rpc::BadRequest details;
  details.ParseFromString(violations.Serialize());
  std::string fields;
  for (const auto& field : details.field_violations()) {
    absl::StrAppend(&fields, fields.empty() ? "" : " ", field.field());
  }
  return fields;
}

TEST(PollInputTest, FillsInDefaults) {
  v1::Poll poll = MakePoll();
  poll.add_questions()->set_type(v1::Question::RATING);
  (*poll.mutable_questions(1)->mutable_texts())["ru"] = "Как?";
  Violations violations;
  const protocol::Definition definition =
      ToDraft(poll, {.now = absl::FromUnixSeconds(kNow), .issuers = {"city"}}, violations);
  ASSERT_OK(violations.ToStatus());
  ASSERT_THAT(definition.questions, SizeIs(2));
  EXPECT_EQ(definition.questions[0].id, "q1");
  EXPECT_EQ(definition.questions[0].method, "plurality");
  EXPECT_EQ(definition.questions[0].max, 1);
  EXPECT_EQ(definition.questions[0].options[1].id, "o2");
  EXPECT_EQ(definition.questions[1].method, "mean_rating");
  EXPECT_THAT(definition.questions[1].options, SizeIs(5));
  EXPECT_EQ(definition.questions[1].options[4].id, "5");
  EXPECT_EQ(definition.batch_ballots, 20);
  EXPECT_EQ(definition.batch_seconds, 600);
  EXPECT_EQ(definition.issuers.at(0).name, "city");
}

TEST(PollInputTest, NamesEachWrongField) {
  struct Case {
    const char* fields;
    std::function<void(v1::Poll&)> change;
  };
  const Case cases[] = {
      {"", [](v1::Poll&) {}},
      {"titles", [](v1::Poll& p) { p.clear_titles(); }},
      {"titles.de", [](v1::Poll& p) { (*p.mutable_titles())["de"] = "Park"; }},
      {"titles.en", [](v1::Poll& p) { (*p.mutable_titles())["en"] = "  "; }},
      {"titles.ru", [](v1::Poll& p) { (*p.mutable_titles())["ru"] = std::string(301, 'x'); }},
      {"questions", [](v1::Poll& p) { p.clear_questions(); }},
      {"questions",
       [](v1::Poll& p) {
         for (int i = 0; i < 20; ++i) *p.add_questions() = p.questions(0);
       }},
      {"questions[0].type",
       [](v1::Poll& p) { p.mutable_questions(0)->set_type(v1::Question::TYPE_UNSPECIFIED); }},
      {"questions[0].method", [](v1::Poll& p) { p.mutable_questions(0)->set_method("dice"); }},
      {"questions[0]", [](v1::Poll& p) { p.mutable_questions(0)->set_method("schulze"); }},
      {"questions[0]",
       [](v1::Poll& p) { p.mutable_questions(0)->mutable_options()->RemoveLast(); }},
      {"questions[0].id", [](v1::Poll& p) { p.mutable_questions(0)->set_id("Q 1"); }},
      {"questions[1].id",
       [](v1::Poll& p) {
         *p.add_questions() = p.questions(0);
         p.mutable_questions(0)->set_id("a");
         p.mutable_questions(1)->set_id("a");
       }},
      {"questions[0].texts", [](v1::Poll& p) { p.mutable_questions(0)->clear_texts(); }},
      {"questions[0].options[1].texts",
       [](v1::Poll& p) { p.mutable_questions(0)->mutable_options(1)->clear_texts(); }},
      {"questions[0].options[0].picture",
       [](v1::Poll& p) { p.mutable_questions(0)->mutable_options(0)->set_picture("cat.jpg"); }},
      {"questions[0]",
       [](v1::Poll& p) {
         p.mutable_questions(0)->set_type(v1::Question::BUDGET);
         p.mutable_questions(0)->set_budget(100);
       }},
      {"questions[0]",
       [](v1::Poll& p) {
         p.mutable_questions(0)->set_type(v1::Question::MULTIPLE);
         p.mutable_questions(0)->set_min(3);
       }},
      {"closeTime", [](v1::Poll& p) { p.clear_close_time(); }},
      {"closeTime", [](v1::Poll& p) { p.mutable_close_time()->set_seconds(kNow); }},
      {"closeTime", [](v1::Poll& p) { p.mutable_close_time()->set_seconds(kNow + 400 * 86'400); }},
      {"closeTime", [](v1::Poll& p) { p.mutable_open_time()->set_seconds(kNow + 700'000); }},
      {"districts[0]", [](v1::Poll& p) { p.add_districts("districts/b"); }},
      {"districts[1]",
       [](v1::Poll& p) {
         p.add_districts("districts/a");
         p.add_districts("districts/a");
       }},
      {"eligibility.minAge", [](v1::Poll& p) { p.mutable_eligibility()->set_min_age(-1); }},
      {"batch.ballots", [](v1::Poll& p) { p.mutable_batch()->set_ballots(19); }},
      {"batch.seconds", [](v1::Poll& p) { p.mutable_batch()->set_seconds(599); }},
      {"issuers", [](v1::Poll& p) { p.add_issuers()->set_name("mafia"); }},
      {"issuers",
       [](v1::Poll& p) {
         p.add_issuers()->set_name("city");
         p.add_issuers()->set_name("city");
       }},
      {"subjects[0]", [](v1::Poll& p) { p.add_subjects("polls/1"); }},
      {"subjects[0]", [](v1::Poll& p) { p.add_subjects("appeals/a\nb"); }},
  };
  for (const Case& test : cases) {
    v1::Poll poll = MakePoll();
    test.change(poll);
    EXPECT_EQ(WrongFields(poll), test.fields) << poll.ShortDebugString();
  }
}

TEST(PollInputTest, ReplacesOnlyWhatAnUpdateGives) {
  v1::UpdatePollRequest request;
  v1::Poll& update = *request.mutable_poll();
  (*update.mutable_titles())["en"] = "Park";
  update.set_results_hidden(false);
  update.set_title("of the server");
  v1::Poll draft = MakePoll();
  draft.set_results_hidden(true);
  Violations violations;
  const v1::Poll merged = Merge(draft, update, ReadUpdateMask(request, violations));
  EXPECT_OK(violations.ToStatus());
  EXPECT_EQ(merged.title(), "");
  EXPECT_EQ(merged.titles().size(), 1u);
  EXPECT_EQ(merged.titles().at("en"), "Park");
  EXPECT_FALSE(merged.results_hidden());
  EXPECT_EQ(merged.questions_size(), 1);
}

TEST(PollInputTest, AMaskEmptiesWhatAnUpdateDoesNotGive) {
  v1::UpdatePollRequest request;
  request.mutable_poll()->add_subjects("appeals/b");
  (*request.mutable_poll()->mutable_titles())["en"] = "Park";
  for (const char* path : {"districts", "open_time", "results_hidden", "subjects"}) {
    request.mutable_update_mask()->add_paths(path);
  }
  v1::Poll draft = MakePoll();
  draft.add_districts("districts/a");
  draft.add_subjects("appeals/a");
  draft.mutable_open_time()->set_seconds(kNow);
  draft.set_results_hidden(true);
  Violations violations;
  const v1::Poll merged = Merge(draft, request.poll(), ReadUpdateMask(request, violations));
  EXPECT_OK(violations.ToStatus());
  EXPECT_EQ(merged.districts_size(), 0);
  EXPECT_FALSE(merged.has_open_time());
  EXPECT_FALSE(merged.results_hidden());
  EXPECT_THAT(merged.subjects(), ElementsAre("appeals/b"));
  EXPECT_EQ(merged.titles().at("ru"), "Парк") << "the mask does not name it";
  EXPECT_TRUE(merged.has_close_time());
}

TEST(PollInputTest, AMaskNamesOnlyFieldsThatCanBeReplaced) {
  for (const char* path : {"name", "title", "state", "questions.texts", "batch.ballots", "*", ""}) {
    v1::UpdatePollRequest request;
    request.mutable_update_mask()->add_paths(path);
    Violations violations;
    ReadUpdateMask(request, violations);
    google::rpc::BadRequest details;
    details.ParseFromString(violations.Serialize());
    ASSERT_EQ(details.field_violations_size(), 1) << path;
    EXPECT_EQ(details.field_violations(0).field(), "updateMask");
  }
}

}  // namespace
}  // namespace veche::polling
