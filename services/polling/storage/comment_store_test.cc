#include "services/polling/storage/comment_store.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "services/polling/testing/initiative_fixture.h"

// What every engine must do, also when many act at once.

namespace veche::polling {
namespace {

using rpc::testing::Resident;
using testing::Initiatives;
using ::testing::SizeIs;
using veche::testing::HasReason;

class CommentStoreTest : public ::testing::TestWithParam<sql::testing::TestEngine> {
 protected:
  void SetUp() override {
    auto database = GetParam().open();
    if (database == nullptr) GTEST_SKIP() << GetParam().name << " is not available";
    city_ = std::make_unique<Initiatives>(std::move(database));
    initiative_ = city_->Publish("author");
  }

  std::unique_ptr<Initiatives> city_;
  std::string initiative_;
};

void InParallel(int threads, const std::function<void(int)>& work) {
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i) running.emplace_back(work, i);
  for (std::thread& thread : running) thread.join();
}

TEST_P(CommentStoreTest, PagesHaveNoGapsInEveryOrder) {
  std::vector<std::string> names;
  for (int i = 0; i < 13; ++i) {
    names.push_back(city_->Comment(initiative_, Resident(absl::StrCat("r", i)), "За.")->name());
    for (int vote = 0; vote < i % 3; ++vote) {
      ASSERT_OK(city_->Vote(names[i], absl::StrCat("v", vote), v1::Comment::UP));
    }
  }
  const auto all = [&](v1::ListCommentsRequest::Sort sort) {
    v1::ListCommentsRequest request;
    request.set_parent(initiative_);
    request.set_sort(sort);
    request.set_page_size(4);
    std::vector<std::string> listed;
    for (int page = 0; page < 10; ++page) {
      const auto response = city_->ListComments(request);
      EXPECT_OK(response);
      for (const auto& comment : response->comments()) listed.push_back(comment.name());
      if (response->next_page_token().empty()) break;
      request.set_page_token(response->next_page_token());
    }
    return listed;
  };
  EXPECT_EQ(all(v1::ListCommentsRequest::NEW),
            std::vector<std::string>(names.rbegin(), names.rend()));
  const auto best = all(v1::ListCommentsRequest::BEST);
  ASSERT_THAT(best, SizeIs(13));
  EXPECT_EQ(best[0], names[11]);
  EXPECT_EQ(best[12], names[0]);
  EXPECT_THAT(std::set<std::string>(best.begin(), best.end()), SizeIs(13));
}

TEST_P(CommentStoreTest, VotesAtOnceAreExact) {
  const std::string comment = city_->Comment(initiative_, Resident("ivan"), "За.")->name();
  InParallel(8, [&](int thread) {
    for (int i = 0; i < 5; ++i) {
      EXPECT_OK(city_->Vote(comment, absl::StrCat("r", thread, "-", i),
                            thread % 2 == 0 ? v1::Comment::UP : v1::Comment::DOWN));
      EXPECT_OK(city_->Vote(comment, "same", i % 2 ? v1::Comment::UP : v1::Comment::DOWN));
    }
  });
  ASSERT_OK(city_->Vote(comment, "same", v1::Comment::NONE));
  v1::ListCommentsRequest request;
  request.set_parent(initiative_);
  const auto read = city_->ListComments(request)->comments(0);
  EXPECT_EQ(read.up_count(), 20);
  EXPECT_EQ(read.down_count(), 20);
}

TEST_P(CommentStoreTest, LimitsHoldForManyCommentsAtOnce) {
  const std::string fresh = city_->ids.NewAt(city_->clock.Now());
  std::atomic<int> taken = 0;
  InParallel(10, [&](int i) {
    const auto comment = city_->Comment(initiative_, Resident(fresh), absl::StrCat("Номер ", i));
    if (comment.ok()) {
      ++taken;
    } else {
      EXPECT_THAT(comment, HasReason("TOO_MANY_COMMENTS"));
    }
  });
  EXPECT_EQ(taken, 3);
  EXPECT_EQ(city_->Get(initiative_)->comment_count(), 3);
}

TEST_P(CommentStoreTest, ReportsAtOnceCountEachResidentOnce) {
  const std::string comment = city_->Comment(initiative_, Resident("ivan"), "За.")->name();
  v1::ReportCommentRequest request;
  request.set_name(comment);
  request.set_reason("Грубо.");
  InParallel(12, [&](int i) {
    EXPECT_OK(city_->moderation.ReportComment(
        rpc::testing::MakeCall(Resident(absl::StrCat("r", i % 4))), request));
  });
  const auto reported =
      city_->moderation.ListReportedComments(rpc::testing::MakeCall(testing::Moderator()), {});
  ASSERT_EQ(reported->comments_size(), 1);
  EXPECT_EQ(reported->comments(0).report_count(), 4);
  EXPECT_EQ(reported->comments(0).report_reasons_size(), 4);
}

TEST_P(CommentStoreTest, RepliesAndEditsAtOnceEnd) {
  const std::string comment = city_->Comment(initiative_, Resident("ivan"), "За.")->name();
  InParallel(6, [&](int i) {
    for (int n = 0; n < 3; ++n) {
      if (i % 2 == 0) {
        EXPECT_OK(city_->Edit(comment, Resident("ivan"), absl::StrCat("За ", i, n)));
      } else {
        EXPECT_OK(
            city_->Comment(initiative_, Resident("ivan"), absl::StrCat("Ответ ", i, n), comment));
      }
    }
  });
  v1::ListCommentsRequest request;
  request.set_parent(initiative_);
  EXPECT_EQ(city_->ListComments(request)->comments(0).reply_count(), 9);
}

INSTANTIATE_TEST_SUITE_P(Engines, CommentStoreTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace veche::polling
