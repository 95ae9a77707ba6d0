#include "services/polling/storage/picture_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/polling/storage/poll_store.h"
#include "services/polling/testing/initiative_fixture.h"
#include "services/polling/testing/test_poll.h"
#include "services/polling/workers/maintenance.h"

// Who reads which pictures, and when they are deleted, on every engine.

namespace veche::polling {
namespace {

using testing::Initiatives;

class PictureStoreTest : public ::testing::TestWithParam<sql::testing::TestEngine> {
 protected:
  void SetUp() override {
    auto database = GetParam().open();
    if (database == nullptr) GTEST_SKIP() << GetParam().name << " is not available";
    city_ = std::make_unique<Initiatives>(std::move(database));
    maintenance_ = std::make_unique<Maintenance>(*city_->database, pictures_, city_->log,
                                                 city_->clock, observe::NullTelemetry());
  }
  void Write(absl::FunctionRef<absl::Status(sql::Transaction&)> body) {
    EXPECT_OK(city_->database->Write(body));
  }
  void AddPicture(const std::string& hash) {
    Write([&](sql::Transaction& transaction) {
      return pictures_.Add(transaction, {hash, "image/png", std::string("\0bytes", 6)});
    });
  }
  // A poll whose first option has the picture.
  Poll MakePoll(const std::string& id, const std::string& hash) {
    Poll poll{.id = id, .definition = testing::TestPoll().definition};
    poll.definition.poll = id;
    poll.definition.questions[0].options[0].picture = hash;
    return poll;
  }
  void AddPoll(const Poll& poll) {
    Write([&](sql::Transaction& transaction) { return polls_.Add(transaction, poll); });
  }
  void UpdatePoll(const Poll& poll) {
    Write([&](sql::Transaction& transaction) { return polls_.Update(transaction, poll); });
  }
  std::optional<Picture> Get(const std::string& hash, const PictureReader& reader = {}) {
    std::optional<Picture> picture;
    EXPECT_OK(city_->database->Read([&](sql::Transaction& transaction) -> absl::Status {
      auto got = pictures_.Get(transaction, hash, reader);
      if (got.ok()) picture = *std::move(got);
      return got.status();
    }));
    return picture;
  }
  bool IsStored(const std::string& hash) {
    bool stored = false;
    EXPECT_OK(city_->database->Read([&](sql::Transaction& transaction) -> absl::Status {
      auto rows = transaction.Query("SELECT 1 FROM poll_pictures WHERE hash = $1", hash);
      stored = rows.ok() && !rows->empty();
      return rows.status();
    }));
    return stored;
  }
  // A round of maintenance, and another one a day later.
  void MaintainForADay() {
    ASSERT_OK(maintenance_->RunOnce());
    city_->clock.Advance(absl::Hours(25));
    ASSERT_OK(maintenance_->RunOnce());
  }

  std::unique_ptr<Initiatives> city_;
  PictureStore pictures_;
  PollStore polls_;
  std::unique_ptr<Maintenance> maintenance_;
};

TEST_P(PictureStoreTest, APollShowsItsPicturesOnceItIsFixed) {
  AddPicture("a");
  EXPECT_FALSE(Get("a", {.drafts = true, .unpublished = true})) << "nothing uses it";
  Poll poll = MakePoll("p", "a");
  AddPoll(poll);
  EXPECT_FALSE(Get("a"));
  EXPECT_FALSE(Get("a", {.unpublished = true, .author = "staff/editor"}));
  EXPECT_TRUE(Get("a", {.drafts = true}));
  poll.state = PollState::kScheduled;
  UpdatePoll(poll);
  const auto picture = Get("a");
  ASSERT_TRUE(picture);
  EXPECT_EQ(picture->content_type, "image/png");
  EXPECT_EQ(picture->bytes, std::string("\0bytes", 6));
}

TEST_P(PictureStoreTest, AnInitiativeShowsItsPicturesOnceItIsPublished) {
  const auto proposed = city_->ProposeWithPicture("ivan", "a");
  ASSERT_OK(proposed);
  ASSERT_EQ(proposed->pictures_size(), 1);
  const std::string hash = "hash-of-a";
  EXPECT_EQ(proposed->pictures(0), "pictures/" + hash);
  EXPECT_FALSE(Get(hash));
  EXPECT_FALSE(Get(hash, {.drafts = true, .author = "residents/petr"}));
  EXPECT_TRUE(Get(hash, {.author = "residents/ivan"}));
  EXPECT_TRUE(Get(hash, {.unpublished = true}));
  ASSERT_OK(city_->Approve(proposed->name()));
  EXPECT_TRUE(Get(hash));
  EXPECT_EQ(city_->Get(proposed->name())->pictures(0), "pictures/" + hash);
}

TEST_P(PictureStoreTest, ARefusedInitiativeLosesItsPictures) {
  const auto refused = city_->ProposeWithPicture("ivan", "a");
  const auto published = city_->ProposeWithPicture("petr", "b");
  ASSERT_OK(city_->Reject(refused->name()));
  ASSERT_OK(city_->Approve(published->name()));
  EXPECT_EQ(city_->Get(refused->name(), testing::Moderator())->pictures_size(), 0);
  EXPECT_FALSE(Get("hash-of-a", {.drafts = true, .unpublished = true, .author = "residents/ivan"}));
  ASSERT_OK(maintenance_->RunOnce());
  EXPECT_TRUE(IsStored("hash-of-a")) << "a day is not over";
  city_->clock.Advance(absl::Hours(23));
  ASSERT_OK(maintenance_->RunOnce());
  EXPECT_TRUE(IsStored("hash-of-a"));
  city_->clock.Advance(absl::Hours(2));
  ASSERT_OK(maintenance_->RunOnce());
  EXPECT_FALSE(IsStored("hash-of-a"));
  EXPECT_TRUE(Get("hash-of-b"));
}

TEST_P(PictureStoreTest, APublishedInitiativeKeepsItsPicturesWhateverHappens) {
  const auto proposed = city_->ProposeWithPicture("ivan", "a");
  ASSERT_OK(city_->Approve(proposed->name()));
  ASSERT_OK(city_->Merge(proposed->name(), city_->Publish("petr")));
  MaintainForADay();
  EXPECT_TRUE(Get("hash-of-a"));
  EXPECT_EQ(city_->Get(proposed->name())->pictures_size(), 1);
}

TEST_P(PictureStoreTest, PicturesThatNoPollUsesAreDeleted) {
  for (const char* hash : {"old", "new", "gone", "never"}) AddPicture(hash);
  Poll poll = MakePoll("p", "old");
  AddPoll(poll);
  AddPoll(MakePoll("q", "gone"));
  poll.definition.questions[0].options[0].picture = "new";
  UpdatePoll(poll);
  Write([&](sql::Transaction& transaction) { return polls_.Delete(transaction, "q"); });
  MaintainForADay();
  EXPECT_TRUE(IsStored("new"));
  for (const char* hash : {"old", "gone", "never"}) EXPECT_FALSE(IsStored(hash)) << hash;
}

TEST_P(PictureStoreTest, APictureThatIsAboutToBeUsedStaysForADay) {
  for (const char* hash : {"added", "kept", "used"}) AddPicture(hash);
  ASSERT_OK(maintenance_->RunOnce());
  city_->clock.Advance(absl::Hours(25));
  AddPicture("added");
  Write([&](sql::Transaction& transaction) -> absl::Status {
    EXPECT_EQ(pictures_.Keep(transaction, "kept").value_or(false), true);
    EXPECT_EQ(pictures_.Keep(transaction, "unknown").value_or(true), false);
    return absl::OkStatus();
  });
  AddPoll(MakePoll("p", "used"));
  ASSERT_OK(maintenance_->RunOnce());
  for (const char* hash : {"added", "kept", "used"}) EXPECT_TRUE(IsStored(hash)) << hash;
  MaintainForADay();
  EXPECT_FALSE(IsStored("kept"));
  EXPECT_TRUE(IsStored("used"));
}

TEST_P(PictureStoreTest, TwoWhoUseOnePictureKeepIt) {
  const auto refused = city_->ProposeWithPicture("ivan", "a");
  const auto published = city_->ProposeWithPicture("petr", "a");
  ASSERT_OK(city_->Approve(published->name()));
  ASSERT_OK(city_->Reject(refused->name()));
  MaintainForADay();
  EXPECT_TRUE(Get("hash-of-a"));
}

INSTANTIATE_TEST_SUITE_P(Engines, PictureStoreTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace veche::polling
