#include "services/polling/calls/comment_calls.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "services/polling/testing/initiative_fixture.h"

namespace veche::polling {
namespace {

using rpc::testing::MakeCall;
using rpc::testing::Officer;
using rpc::testing::Resident;
using testing::Editor;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Initiatives;
using ::testing::IsEmpty;
using testing::Moderator;
using ::testing::Not;
using veche::testing::HasReason;
using veche::testing::StatusIs;

class CommentCallsTest : public ::testing::Test {
 protected:
  std::vector<std::string> Texts(const auth::Principal& caller = {},
                                 const std::string& reply_to = "") {
    v1::ListCommentsRequest request;
    request.set_parent(initiative_);
    request.set_reply_to(reply_to);
    std::vector<std::string> texts;
    const auto listed = city_.ListComments(request, caller);
    EXPECT_OK(listed);
    for (const v1::Comment& comment : listed->comments()) texts.push_back(comment.text());
    return texts;
  }
  absl::Status Hide(const std::string& name) {
    v1::HideCommentRequest request;
    request.set_name(name);
    request.set_reason("Оскорбление.");
    return city_.moderation.HideComment(MakeCall(Moderator()), request).status();
  }
  absl::Status Keep(const std::string& name) {
    v1::KeepCommentRequest request;
    request.set_name(name);
    return city_.moderation.KeepComment(MakeCall(Moderator()), request).status();
  }
  absl::Status Report(const std::string& name, const std::string& resident) {
    v1::ReportCommentRequest request;
    request.set_name(name);
    request.set_reason("Грубо.");
    return city_.moderation.ReportComment(MakeCall(Resident(resident)), request).status();
  }
  int Reported() {
    const auto listed = city_.moderation.ListReportedComments(MakeCall(Moderator()), {});
    EXPECT_OK(listed);
    return listed->comments_size();
  }
  std::vector<std::string> History(const std::string& name, const auth::Principal& caller = {}) {
    v1::GetCommentHistoryRequest request;
    request.set_name(name);
    std::vector<std::string> texts;
    const auto history = city_.comment_calls.GetCommentHistory(MakeCall(caller), request);
    EXPECT_OK(history);
    for (const auto& version : history->versions()) texts.push_back(version.text());
    return texts;
  }

  Initiatives city_;
  const std::string initiative_ = city_.Publish("author");
};

TEST_F(CommentCallsTest, ThreadsHaveTwoLevels) {
  const auto first = city_.Comment(initiative_, Resident("ivan"), "За дорожку.");
  ASSERT_OK(first);
  const auto reply = city_.Comment(initiative_, Resident("petr"), "И я за.", first->name());
  ASSERT_OK(reply);
  EXPECT_EQ(reply->reply_to(), first->name());
  EXPECT_THAT(city_.Comment(initiative_, Resident("anna"), "И я.", reply->name()),
              HasReason("REPLY_TOO_DEEP"));
  const std::string other = city_.Publish("author2");
  EXPECT_THAT(city_.Comment(other, Resident("anna"), "И я.", first->name()),
              HasReason("COMMENT_NOT_FOUND"));
  EXPECT_THAT(Texts(), ElementsAre("За дорожку."));
  EXPECT_THAT(Texts({}, first->name()), ElementsAre("И я за."));
  EXPECT_EQ(city_.Get(initiative_)->comment_count(), 2);
  v1::ListCommentsRequest request;
  request.set_parent(initiative_);
  EXPECT_EQ(city_.ListComments(request)->comments(0).reply_count(), 1);
}

TEST_F(CommentCallsTest, StaffSpeakForTheCity) {
  const auto official =
      city_.Comment(initiative_, Officer("olga", "departments/parks"), "Рассмотрим.");
  ASSERT_OK(official);
  EXPECT_TRUE(official->official());
  EXPECT_EQ(official->department(), "departments/parks");
  EXPECT_THAT(official->ShortDebugString(), Not(HasSubstr("staff/")));
  EXPECT_FALSE(city_.Comment(initiative_, Resident("ivan"), "Спасибо.")->official());
}

TEST_F(CommentCallsTest, VotesCountOnceAndRank) {
  const auto a = city_.Comment(initiative_, Resident("ivan"), "Первый.");
  const auto b = city_.Comment(initiative_, Resident("petr"), "Второй.");
  ASSERT_OK(city_.Vote(a->name(), "x", v1::Comment::UP));
  ASSERT_OK(city_.Vote(a->name(), "x", v1::Comment::UP));
  ASSERT_OK(city_.Vote(a->name(), "y", v1::Comment::UP));
  EXPECT_THAT(Texts(), ElementsAre("Первый.", "Второй."));
  const auto changed = city_.Vote(a->name(), "x", v1::Comment::DOWN);
  EXPECT_EQ(changed->up_count(), 1);
  EXPECT_EQ(changed->down_count(), 1);
  EXPECT_EQ(changed->vote(), v1::Comment::DOWN);
  ASSERT_OK(city_.Vote(b->name(), "x", v1::Comment::UP));
  EXPECT_THAT(Texts(), ElementsAre("Второй.", "Первый."));
  const auto taken = city_.Vote(a->name(), "x", v1::Comment::NONE);
  EXPECT_EQ(taken->up_count(), 1);
  EXPECT_EQ(taken->down_count(), 0);
  EXPECT_THAT(city_.Vote(a->name(), "x", v1::Comment::VOTE_UNSPECIFIED),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(CommentCallsTest, AHiddenCommentKeepsItsTextForModerators) {
  const auto comment = city_.Comment(initiative_, Resident("ivan"), "Вы все неправы.");
  ASSERT_OK(Report(comment->name(), "petr"));
  ASSERT_OK(Report(comment->name(), "petr"));
  EXPECT_EQ(Reported(), 1);
  ASSERT_OK(Hide(comment->name()));
  EXPECT_EQ(Reported(), 0);
  EXPECT_THAT(Texts(), ElementsAre(""));
  EXPECT_THAT(Texts(Resident("petr")), ElementsAre(""));
  EXPECT_THAT(Texts(Moderator()), ElementsAre("Вы все неправы."));
  v1::ListCommentsRequest request;
  request.set_parent(initiative_);
  EXPECT_TRUE(city_.ListComments(request)->comments(0).hidden());
  EXPECT_EQ(city_.ListComments(request)->comments(0).hidden_reason(), "");
  EXPECT_EQ(city_.ListComments(request, Resident("ivan"))->comments(0).hidden_reason(),
            "Оскорбление.");
  EXPECT_THAT(city_.Vote(comment->name(), "x", v1::Comment::UP), HasReason("COMMENT_IS_HIDDEN"));
  EXPECT_THAT(city_.Edit(comment->name(), Resident("ivan"), "Извините."),
              HasReason("COMMENT_IS_HIDDEN"));
  ASSERT_OK(Keep(comment->name()));
  EXPECT_THAT(Texts(), ElementsAre("Вы все неправы."));
  EXPECT_THAT(city_.Events(), ::testing::Contains("comment_hidden"));
}

TEST_F(CommentCallsTest, EditsAreSilentThenShownWithTheirHistory) {
  const auto comment = city_.Comment(initiative_, Resident("ivan"), "Зо дорожку.");
  EXPECT_THAT(city_.Edit(comment->name(), Resident("petr"), "Против."),
              HasReason("NOT_COMMENT_AUTHOR"));
  city_.clock.Advance(absl::Minutes(14));
  EXPECT_FALSE(city_.Edit(comment->name(), Resident("ivan"), "За дорожку.")->edited());
  EXPECT_THAT(History(comment->name()), IsEmpty());
  EXPECT_THAT(History(comment->name(), Moderator()), ElementsAre("Зо дорожку."));
  city_.clock.Advance(absl::Minutes(14));
  const auto edited =
      city_.Edit(comment->name(), Resident("ivan"), "Против дорожки, звоните +79991234567.");
  EXPECT_TRUE(edited->edited());
  EXPECT_THAT(History(comment->name()), ElementsAre("За дорожку."));
  EXPECT_THAT(Texts()[0], Not(HasSubstr("999")));
  ASSERT_OK(city_.Edit(comment->name(), Resident("ivan"), "Не знаю."));
  EXPECT_THAT(History(comment->name())[1], Not(HasSubstr("999")));
  ASSERT_OK(Hide(comment->name()));
  v1::GetCommentHistoryRequest request;
  request.set_name(comment->name());
  EXPECT_THAT(city_.comment_calls.GetCommentHistory(MakeCall(), request),
              HasReason("COMMENT_IS_HIDDEN"));
}

TEST_F(CommentCallsTest, NewAccountsAreLimited) {
  const std::string fresh = city_.ids.NewAt(city_.clock.Now());
  for (const char* text : {"Раз.", "Два.", "Три."}) {
    ASSERT_OK(city_.Comment(initiative_, Resident(fresh), text));
  }
  const auto fourth = city_.Comment(initiative_, Resident(fresh), "Четыре.");
  EXPECT_THAT(fourth, HasReason("TOO_MANY_COMMENTS"));
  EXPECT_GT(RetryAfter(fourth.status()), absl::Minutes(9));
  city_.clock.Advance(absl::Minutes(11));
  EXPECT_THAT(city_.Comment(initiative_, Resident(fresh), "три.").status().ToString(),
              HasSubstr("SAID_ALREADY"));
  EXPECT_OK(city_.Comment(initiative_, Resident(fresh), "Четыре."));
}

TEST_F(CommentCallsTest, TheSpamCheckIsForNewAccounts) {
  const auth::Principal fresh = Resident(city_.ids.NewAt(city_.clock.Now()));
  const auto first = city_.Comment(initiative_, fresh, "За.");
  ASSERT_OK(first);
  EXPECT_THAT(city_.spam_asked, ElementsAre("За."));
  city_.spam_answer = Text("READS_LIKE_ADVERT");
  EXPECT_THAT(city_.Comment(initiative_, fresh, "Купите слона.").status().ToString(),
              HasSubstr("READS_LIKE_ADVERT"));
  EXPECT_THAT(city_.spam_asked, ElementsAre("Купите слона.", "За."));
  // An edit is compared with other comments, not with its own earlier text.
  EXPECT_THAT(city_.Edit(first->name(), fresh, "Купите.").status().ToString(),
              HasSubstr("READS_LIKE_ADVERT"));
  EXPECT_THAT(city_.spam_asked, ElementsAre("Купите."));
  EXPECT_THAT(city_.State(initiative_, fresh.name.substr(strlen("residents/")), "Купите слона")
                  .status()
                  .ToString(),
              HasSubstr("READS_LIKE_ADVERT"));
  EXPECT_THAT(Texts(), ElementsAre("За."));
  city_.spam_asked.clear();
  EXPECT_OK(city_.Comment(initiative_, Resident("ivan"), "Купите слона."));
  EXPECT_OK(city_.Comment(initiative_, Officer("olga", "departments/parks"), "Купите слона."));
  city_.clock.Advance(absl::Hours(24 * 7));
  EXPECT_OK(city_.Comment(initiative_, fresh, "Купите слона."));
  EXPECT_THAT(city_.spam_asked, IsEmpty());
}

TEST_F(CommentCallsTest, WithoutTheSpamCheckANewAccountsCommentWaitsForAModerator) {
  city_.spam_answer = absl::UnavailableError("down");
  const auth::Principal fresh = Resident(city_.ids.NewAt(city_.clock.Now()));
  const auto first = city_.Comment(initiative_, Resident("ivan"), "За дорожку.");
  const auto held = city_.Comment(initiative_, fresh, "И я за.", first->name());
  ASSERT_OK(held);
  EXPECT_TRUE(held->held());
  EXPECT_TRUE(held->hidden());
  EXPECT_TRUE(held->mine());
  EXPECT_EQ(held->text(), "И я за.");
  EXPECT_THAT(Texts({}, first->name()), ElementsAre(""));
  EXPECT_THAT(Texts(Moderator(), first->name()), ElementsAre("И я за."));
  EXPECT_EQ(Reported(), 1);
  const auto created = [&] {
    const std::vector<std::string> events = city_.Events();
    return std::count(events.begin(), events.end(), "comment_created");
  };
  EXPECT_EQ(created(), 1);
  EXPECT_THAT(city_.State(initiative_, fresh.name.substr(strlen("residents/")), "Нужен свет"),
              StatusIs(absl::StatusCode::kUnavailable));

  ASSERT_OK(Keep(held->name()));
  EXPECT_EQ(Reported(), 0);
  EXPECT_THAT(Texts({}, first->name()), ElementsAre("И я за."));
  EXPECT_EQ(created(), 2);  // whom it answers hears of it now
  ASSERT_OK(Keep(held->name()));
  EXPECT_EQ(created(), 2);

  const auto edited = city_.Edit(held->name(), fresh, "И мы за.");
  ASSERT_OK(edited);
  EXPECT_TRUE(edited->held());
  EXPECT_THAT(Texts({}, first->name()), ElementsAre(""));
  ASSERT_OK(Keep(held->name()));
  EXPECT_THAT(Texts({}, first->name()), ElementsAre("И мы за."));
  EXPECT_EQ(created(), 2);
}

TEST_F(CommentCallsTest, AModeratorHidesAHeldComment) {
  city_.spam_answer = absl::UnavailableError("down");
  const auth::Principal fresh = Resident(city_.ids.NewAt(city_.clock.Now()));
  const auto held = city_.Comment(initiative_, fresh, "Купите слона.");
  ASSERT_OK(held);
  ASSERT_OK(Hide(held->name()));
  EXPECT_EQ(Reported(), 0);
  EXPECT_THAT(city_.Events(), ::testing::Contains("comment_hidden"));
  v1::ListCommentsRequest request;
  request.set_parent(initiative_);
  const v1::Comment seen = city_.ListComments(request, fresh)->comments(0);
  EXPECT_FALSE(seen.held());
  EXPECT_EQ(seen.hidden_reason(), "Оскорбление.");
}

TEST_F(CommentCallsTest, ADiscussionClosesWithItsInitiative) {
  const auto comment = city_.Comment(initiative_, Resident("ivan"), "За дорожку.");
  city_.clock.Advance(absl::Hours(25));
  ASSERT_OK(city_.schedule.RunOnce());
  EXPECT_THAT(city_.Comment(initiative_, Resident("petr"), "И я."), HasReason("DISCUSSION_CLOSED"));
  EXPECT_THAT(city_.Comment(initiative_, Editor(), "И я."), HasReason("DISCUSSION_CLOSED"));
  EXPECT_THAT(city_.Vote(comment->name(), "x", v1::Comment::UP), HasReason("DISCUSSION_CLOSED"));
  EXPECT_THAT(city_.Edit(comment->name(), Resident("ivan"), "Нет."),
              HasReason("DISCUSSION_CLOSED"));
  EXPECT_OK(Hide(comment->name()));
  // What no moderator has published has no discussion.
  const auto proposed = city_.Propose("ivan");
  EXPECT_THAT(city_.Comment(proposed->name(), Resident("petr"), "И я."),
              HasReason("INITIATIVE_NOT_FOUND"));
  EXPECT_THAT(city_.Comment(proposed->name(), Resident("ivan"), "И я."),
              HasReason("DISCUSSION_CLOSED"));
}

}  // namespace
}  // namespace veche::polling
