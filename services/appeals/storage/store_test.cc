#include "services/appeals/storage/store.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "services/appeals/testing/store_fixture.h"

// The contract of Store on every engine.

namespace veche::appeals {
namespace {

using testing::HasReason;
using testing::StatusIs;

TEST_P(StoreTest, NumbersANewAppealAndKeepsItsText) {
  const Appeal appeal = MakeAppeal(ids_, {.text = "Ёлка \U0001F384 שלום", .due = Minute(9)});
  ASSERT_OK(CreateAppeal(*database_, *store_, appeal));
  auto read = store_->Get(appeal.id);
  ASSERT_OK(read);
  EXPECT_EQ(read->text, appeal.text);
  EXPECT_EQ(read->due, appeal.due);
  EXPECT_EQ(read->version, 1);
  EXPECT_EQ(read->entry_count, 1);
  EXPECT_EQ(read->number.substr(0, 5), "2026-");
}

TEST_P(StoreTest, SaysThatThereIsNoSuchAppeal) {
  EXPECT_THAT(store_->Get(ids_.New()), HasReason("APPEAL_NOT_FOUND"));
  EXPECT_THAT(store_->Get("nonsense"), HasReason("APPEAL_NOT_FOUND"));
}

TEST_P(StoreTest, UndoesAllWhenItsCallerFails) {
  const Appeal appeal = MakeAppeal(ids_, {});
  const PreparedAppeal prepared =
      store_->PrepareNew(*store_->Number(appeal), MakeSubmission(appeal));
  EXPECT_THAT(database_->Write([&](sql::Transaction& transaction) -> absl::Status {
    EXPECT_OK(store_->Create(transaction, prepared));
    return absl::CancelledError();
  }),
              StatusIs(absl::StatusCode::kCancelled));
  EXPECT_THAT(store_->Get(appeal.id), HasReason("APPEAL_NOT_FOUND"));
  EXPECT_EQ(log_->ReadAfter("", 10)->size(), 0u);
  const std::string id = Add({});
  auto change = [](Appeal& changed, Record&) {
    changed.answer = "no";
    return absl::OkStatus();
  };
  EXPECT_FALSE(database_
                   ->Write([&](sql::Transaction& transaction) -> absl::Status {
                     EXPECT_OK(store_->Update(transaction, id, change));
                     return absl::CancelledError();
                   })
                   .ok());
  EXPECT_EQ(store_->Get(id)->answer, "");
  EXPECT_EQ(store_->Get(id)->version, 1);
}

TEST_P(StoreTest, GivesEveryAppealANumberOfItsOwn) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) {
        Appeal appeal = MakeAppeal(ids_, {});
        EXPECT_OK(CreateAppeal(*database_, *store_, appeal));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> numbers;
  auto page = store_->List({}, std::nullopt, 200);
  ASSERT_OK(page);
  for (const Appeal& appeal : page->appeals) numbers.insert(appeal.number);
  EXPECT_EQ(numbers.size(), 80u);
}

TEST_P(StoreTest, LosesNoConcurrentChange) {
  const std::string id = Add({});
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 10; ++i) {
        auto change = [](Appeal& appeal, Record& record) {
          ++appeal.rating;
          AddEntry(record, EntryType::kNote, {}, appeal.created);
          return absl::OkStatus();
        };
        EXPECT_OK(store_->Update(id, change));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(store_->Get(id)->rating, 80);
  EXPECT_EQ(store_->Get(id)->version, 81);
  EXPECT_EQ(store_->GetTimeline(id)->size(), 81u);
}

TEST_P(StoreTest, CountsRelationsOnce) {
  const std::string id = Add({});
  const Actor anna{Party::kAuthor, "residents/anna", ""};
  for (int i = 0; i < 2; ++i) {
    ASSERT_OK(SetRelation(id, RelationKind::kSupport, true, anna));
  }
  EXPECT_EQ(store_->Get(id)->supporter_count, 1);
  ASSERT_OK(SetRelation(id, RelationKind::kFollow, true, anna));
  EXPECT_EQ(store_->Get(id)->version, 1);  // nobody's etag grows old by it
  std::vector<std::string> types;
  auto log = log_->ReadAfter("", 10);
  ASSERT_OK(log);
  for (const events::Event& event : *log) types.push_back(event.type);
  EXPECT_EQ(types, (std::vector<std::string>{"veche.appeals.submitted", "veche.appeals.supported",
                                             "veche.appeals.followed"}));
  auto refuse = [](const Appeal&) { return absl::FailedPreconditionError("no"); };
  EXPECT_THAT(SetRelation(id, RelationKind::kFollow, false, anna, refuse),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  const std::string ids[] = {id};
  EXPECT_TRUE((*store_->GetRelations("residents/anna", ids))[0].follows);
  EXPECT_TRUE((*store_->GetRelations("residents/anna", ids))[0].supports);
  ASSERT_OK(SetRelation(id, RelationKind::kSupport, false, anna));
  ASSERT_OK(SetRelation(id, RelationKind::kSupport, false, anna));
  EXPECT_EQ(store_->Get(id)->supporter_count, 0);
  EXPECT_THAT(SetRelation(ids_.New(), RelationKind::kFollow, true, anna),
              HasReason("APPEAL_NOT_FOUND"));
}

TEST_P(StoreTest, CountsRelationsExactlyWhileTheAppealIsMerged) {
  const std::string id = Add({});
  const std::string target = Add({});
  std::vector<std::thread> threads;
  for (int i = 0; i < 50; ++i) {
    threads.emplace_back([&, i] {
      const Actor resident{Party::kAuthor, absl::StrCat("residents/r", i % 25), ""};
      auto open = [](const Appeal& appeal) {
        return appeal.merged_into.empty() ? absl::OkStatus() : absl::FailedPreconditionError("");
      };
      SetRelation(id, RelationKind::kSupport, true, resident, open).IgnoreError();
      EXPECT_OK(SetRelation(target, RelationKind::kSupport, true, resident, open));
    });
  }
  auto merge = [](Appeal& repeat, Appeal& into, Record&, Record&) {
    repeat.state = State::kMerged;
    repeat.merged_into = into.id;
    return absl::OkStatus();
  };
  ASSERT_OK(Merge(id, target, merge));
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(store_->Get(target)->supporter_count, 25);
}

TEST_P(StoreTest, KeepsTextsOfTheSystemWithTheirArguments) {
  const std::string id = Add({});
  const Text text("ROUTED_BY_RULE", {{"rule", "a\tb\\n=\n\\"}, {"empty", ""}});
  auto write = [&](Appeal&, Record& record) {
    AddEntry(record, EntryType::kNote, Actor{}, absl::UnixEpoch(), "Да").text = text;
    return absl::OkStatus();
  };
  ASSERT_OK(store_->Update(id, write));
  const auto timeline = store_->GetTimeline(id);
  ASSERT_OK(timeline);
  EXPECT_EQ(timeline->front().text, Text());
  EXPECT_EQ(timeline->back().text, text);
  EXPECT_EQ(timeline->back().comment, "Да");
}

TEST_P(StoreTest, CountsMessagesOfBothKinds) {
  const std::string id = Add({});
  auto write = [](Appeal&, Record& record) {
    for (EntryType type : {EntryType::kComment, EntryType::kNote, EntryType::kWarned}) {
      AddEntry(record, type, Actor{}, absl::UnixEpoch(), "Да");
    }
    return absl::OkStatus();
  };
  ASSERT_OK(store_->Update(id, write));
  ASSERT_OK(database_->Write([&](sql::Transaction& transaction) -> absl::Status {
    auto totals = store_->CountMessages(transaction, id);
    EXPECT_OK(totals);
    EXPECT_EQ(totals->count, 2);
    EXPECT_EQ(totals->characters, 4);
    return absl::OkStatus();
  }));
}

TEST_P(StoreTest, MergesIntoTheEndOfTheChainAndRefusesCycles) {
  const std::string a = Add({.author = "residents/a"});
  const std::string b = Add({.author = "residents/b"});
  const std::string c = Add({.author = "residents/c"});
  ASSERT_OK(SetRelation(a, RelationKind::kSupport, true, {Party::kAuthor, "residents/z", ""}));
  auto merge = [](Appeal& repeat, Appeal& target, Record&, Record&) {
    repeat.state = State::kMerged;
    repeat.merged_into = target.id;
    return absl::OkStatus();
  };
  ASSERT_OK(Merge(b, c, merge));
  auto merged = Merge(a, b, merge);
  ASSERT_OK(merged);
  EXPECT_EQ(merged->merged_into, c);
  EXPECT_EQ(store_->Get(c)->supporter_count, 3);  // a, b and who supported a
  EXPECT_THAT(Merge(c, a, merge), HasReason("MERGE_CYCLE"));
  EXPECT_THAT(Merge(c, c, merge), HasReason("MERGE_CYCLE"));
}

TEST_P(StoreTest, LimitsADaysUploadsThatNoAppealHas) {
  const absl::Time now = Minute(0);
  auto add = [&](const std::string& uploader, int64_t bytes, absl::Time at) {
    return store_->AddAttachment({.id = ids_.New(), .uploader = uploader, .size_bytes = bytes}, at,
                                 100);
  };
  EXPECT_EQ(*store_->CountUnusedBytes("guests/a", now - kUploadDay), 0);
  ASSERT_OK(add("guests/a", 60, now));
  EXPECT_THAT(add("guests/a", 41, now), HasReason("UPLOAD_QUOTA_EXCEEDED"));
  ASSERT_OK(add("guests/a", 40, now));
  ASSERT_OK(add("guests/b", 100, now));
  EXPECT_EQ(*store_->CountUnusedBytes("guests/a", now - kUploadDay), 100);
  EXPECT_EQ(*store_->CountUnusedBytes("guests/a", now), 0);
  EXPECT_OK(add("guests/a", 100, now + kUploadDay));
}

TEST_P(StoreTest, GivesAnAttachmentToOneAppealOfItsOwner) {
  const std::string file = ids_.New();
  ASSERT_OK(store_->AddAttachment({.id = file, .owner = "residents/ivan", .sha256 = "ab"},
                                  Minute(0), 100));
  const std::string ids[] = {file};
  EXPECT_EQ(store_->FindUnused(ids, "residents/ivan")->size(), 1u);
  EXPECT_EQ(store_->FindUnused(ids, "residents/anna")->size(), 0u);
  Appeal appeal = MakeAppeal(ids_, {});
  Record record = MakeSubmission(appeal);
  record.entries[0].attach = {file};
  record.entries[0].attach_owner = "residents/anna";
  EXPECT_THAT(CreateAppeal(*database_, *store_, appeal, record),
              StatusIs(absl::StatusCode::kInvalidArgument));
  record.entries[0].attach_owner = "residents/ivan";
  auto created = CreateAppeal(*database_, *store_, appeal, record);
  ASSERT_OK(created);
  ASSERT_EQ(store_->Get(appeal.id)->attachments.size(), 1u);
  EXPECT_EQ(store_->Get(appeal.id)->attachments[0].sha256, "ab");
  EXPECT_EQ(store_->List({}, std::nullopt, 5)->appeals[0].attachments.size(), 1u);
  EXPECT_EQ(store_->FindUnused(ids, "residents/ivan")->size(), 0u);
  EXPECT_EQ(store_->GetAttachment(file)->appeal, appeal.id);
}

TEST_P(StoreTest, ImportsARowOnceAlsoManyOfOneInstant) {
  std::vector<ImportedAppeal> rows;
  for (int i = 0; i < 50; ++i) {
    ImportedAppeal row;
    row.appeal = MakeAppeal(ids_, {});
    row.record = MakeSubmission(row.appeal);
    row.source_id = std::to_string(i);
    rows.push_back(row);
  }
  auto counts = store_->Import("old", rows, ids_);
  ASSERT_OK(counts);
  EXPECT_EQ(counts->created, 50);
  counts = store_->Import("old", rows, ids_);
  ASSERT_OK(counts);
  EXPECT_EQ(counts->created, 0);
  EXPECT_EQ(counts->existing, 50);
  EXPECT_EQ(ListAll({}, 20).size(), 50u);
  // The repeat took no numbers.
  Appeal next = MakeAppeal(ids_, {});
  EXPECT_EQ(CreateAppeal(*database_, *store_, next)->number, "2026-000051");
}

INSTANTIATE_TEST_SUITE_P(Engines, StoreTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace veche::appeals
