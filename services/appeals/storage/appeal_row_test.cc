#include "services/appeals/storage/appeal_row.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/geo/cell.h"
#include "services/appeals/domain/keys.h"
#include "services/appeals/storage/attachment_rows.h"
#include "services/appeals/storage/old_cell.h"
#include "services/appeals/storage/timeline_row.h"
#include "services/appeals/testing/store_fixture.h"

// Each column of a row keeps the member that it is named after, on every engine.

namespace veche::appeals {
namespace {

using RowTest = StoreTest;

// A column and its value.
struct Expected {
  std::string column;
  std::variant<std::string, int64_t, double> value;
};

// No two members have the same value, so that no two columns can be taken for each other.
Appeal DistinctAppeal(IdSource& ids) {
  Appeal appeal;
  appeal.id = ids.NewAt(absl::FromUnixSeconds(1'790'000'000));
  appeal.number = "the number";
  appeal.version = 201;
  appeal.appeal_class = static_cast<Class>(202);
  appeal.kind = static_cast<Kind>(203);
  appeal.state = static_cast<State>(204);
  appeal.visibility = static_cast<Visibility>(205);
  appeal.priority = static_cast<Priority>(206);
  appeal.text = "the text";
  appeal.masked_text = "the masked text";
  appeal.language = "the language";
  appeal.location = geo::LatLng{55.5, 49.25};
  appeal.address = "the address";
  appeal.district = "the district";
  appeal.category = "the category";
  appeal.department = "the department";
  appeal.author = "the author";
  appeal.assignee = "the assignee";
  appeal.channel = "the channel";
  appeal.follow_token_hash = "the token's hash";
  appeal.answer = "the answer";
  appeal.advice = "the advice";
  appeal.merged_into = "the target";
  appeal.rating = 207;
  appeal.supporter_count = 208;
  appeal.entry_count = 209;
  appeal.created = FromMicros(210);
  appeal.updated = FromMicros(211);
  appeal.registered = FromMicros(212);
  appeal.due = FromMicros(213);
  appeal.resolved = FromMicros(214);
  appeal.next_check = FromMicros(215);
  appeal.alarm = static_cast<Alarm>(216);
  appeal.clock = {FromMicros(217), 218, false, FromMicros(219), absl::Microseconds(220), 221};
  appeal.legal_profile = "the profile";
  appeal.routed = true;
  appeal.routing = {static_cast<RoutedBy>(222),
                    "the rule",
                    "the title",
                    0.25,
                    "the model",
                    "the previous category",
                    "the suggested category"};
  appeal.reasons = {{"hazard", 7, "gas"}};
  appeal.similar_count = 223;
  appeal.moderation = {0.5, 0.75, {"threat", "link"}, true};
  appeal.fingerprint = 224;
  appeal.attachments.resize(225);
  appeal.outcomes = {"polls/1", "initiatives/2"};
  return appeal;
}

std::vector<Expected> ExpectedColumns(const Appeal& appeal) {
  return {{"ord", TimeKey(appeal.id)},
          {"id", appeal.id},
          {"number", "the number"},
          {"version", 201},
          {"class", 202},
          {"kind", 203},
          {"state", 204},
          {"visibility", 205},
          {"priority", 206},
          {"district", "the district"},
          {"category", "the category"},
          {"department", "the department"},
          {"latitude", 55.5},
          {"longitude", 49.25},
          {"cell", OldCellId(*appeal.location)},
          {"due_order", 213},
          {"created_at", 210},
          {"updated_at", 211},
          {"registered_at", 212},
          {"due_at", 213},
          {"resolved_at", 214},
          {"next_check_at", 215},
          {"alarm", 216},
          {"clock_registered_at", 217},
          {"response_hours", 218},
          {"paused_at", 219},
          {"paused_working_us", 220},
          {"paused_days", 221},
          {"legal_profile", "the profile"},
          {"rating", 207},
          {"supporter_count", 208},
          {"attachment_count", 225},
          {"entry_count", 209},
          {"routed", 1},
          {"author", "the author"},
          {"assignee", "the assignee"},
          {"language", "the language"},
          {"channel", "the channel"},
          {"merged_into", "the target"},
          {"follow_token_hash", "the token's hash"},
          {"address", "the address"},
          {"advice", "the advice"},
          {"answer", "the answer"},
          {"masked_text", "the masked text"},
          {"text", "the text"},
          {"routing_by", 222},
          {"routing_rule", "the rule"},
          {"routing_title", "the title"},
          {"routing_probability", 0.25},
          {"routing_model", "the model"},
          {"routing_previous_category", "the previous category"},
          {"priority_reasons", triage::ToText(appeal.reasons)},
          {"toxicity", 0.5},
          {"spam", 0.75},
          {"moderation_reasons", "threat,link"},
          {"flagged", 1},
          {"fingerprint", 224},
          {"routing_suggested_category", "the suggested category"},
          {"similar_count", 223},
          {"map_cell", geo::CellId(*appeal.location)},
          {"map_cell_of", OldCellId(*appeal.location)},
          {"outcomes", "polls/1\ninitiatives/2"}};
}

std::vector<std::string> ColumnNames() { return absl::StrSplit(AppealColumnList(), ", "); }

TEST_P(RowTest, KeepsEachMemberOfAnAppealInItsColumn) {
  const Appeal appeal = DistinctAppeal(ids_);
  const std::vector<Expected> columns = ExpectedColumns(appeal);
  std::set<std::string> names;
  for (const Expected& expected : columns) names.insert(expected.column);
  for (const std::string& name : ColumnNames()) EXPECT_EQ(names.erase(name), 1u) << name;
  EXPECT_TRUE(names.empty());
  ASSERT_OK(database_->Write([&](sql::Transaction& transaction) {
    return transaction.ExecuteWith(AppealInsert(), AppealValues(appeal)).status();
  }));
  ASSERT_OK(database_->Read([&](sql::Transaction& transaction) -> absl::Status {
    for (const auto& [column, value] : columns) {
      ASSIGN_OR_RETURN(auto rows,
                       transaction.Query(absl::StrCat("SELECT ", column, " FROM appeals")));
      if (const auto* text = std::get_if<std::string>(&value)) {
        EXPECT_EQ(rows[0].Text(0), *text) << column;
      } else if (const auto* number = std::get_if<int64_t>(&value)) {
        EXPECT_EQ(rows[0].Int(0), *number) << column;
      } else {
        EXPECT_EQ(rows[0].Double(0), std::get<double>(value)) << column;
      }
    }
    return absl::OkStatus();
  }));
}

TEST_P(RowTest, ReadsAnAppealAsItWasWritten) {
  Appeal appeal = DistinctAppeal(ids_);
  appeal.appeal_class = Class::kFormal;
  ASSERT_OK(database_->Write([&](sql::Transaction& transaction) {
    return transaction.ExecuteWith(AppealInsert(), AppealValues(appeal)).status();
  }));
  Appeal read;
  ASSERT_OK(database_->Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(auto rows, transaction.Query(absl::StrCat(AppealSelect(), " FROM appeals a")));
    read = ReadAppeal(rows.at(0));
    return absl::OkStatus();
  }));
  EXPECT_TRUE(read.clock.formal);
  const std::vector<sql::Value> written = AppealValues(appeal);
  const std::vector<sql::Value> again = AppealValues(read);
  for (size_t i = 0; i < written.size(); ++i) {
    EXPECT_EQ(sql::Row({written[i]}).Text(0), sql::Row({again[i]}).Text(0)) << ColumnNames()[i];
    EXPECT_EQ(sql::Row({written[i]}).Int(0), sql::Row({again[i]}).Int(0)) << ColumnNames()[i];
    EXPECT_EQ(sql::Row({written[i]}).Double(0), sql::Row({again[i]}).Double(0)) << ColumnNames()[i];
  }
}

TEST_P(RowTest, NamesTheColumnsThatAChangeTouches) {
  const Appeal before = DistinctAppeal(ids_);
  EXPECT_TRUE(ChangedColumns(before, before).empty());
  Appeal after = before;
  after.due = FromMicros(999);
  after.location->latitude = 55.25;
  after.moderation.reasons.push_back("insult");
  std::vector<std::string> names;
  for (const sql::ColumnValue& column : ChangedColumns(before, after)) {
    names.emplace_back(column.name);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"latitude", "cell", "due_order", "due_at",
                                             "moderation_reasons", "map_cell", "map_cell_of"}));
  // Every difference is included.
  EXPECT_EQ(ChangedColumns(before, Appeal()).size(), ColumnNames().size());
}

TEST_P(RowTest, KeepsWhatAnAppealDoesNotHave) {
  Appeal appeal;
  appeal.id = ids_.New();
  ASSERT_OK(database_->Write([&](sql::Transaction& transaction) {
    return transaction.ExecuteWith(AppealInsert(), AppealValues(appeal)).status();
  }));
  auto read = store_->Get(appeal.id);
  ASSERT_OK(read);
  EXPECT_FALSE(read->location.has_value());
  EXPECT_FALSE(read->registered.has_value());
  EXPECT_FALSE(read->due.has_value());
  EXPECT_FALSE(read->resolved.has_value());
  EXPECT_FALSE(read->next_check.has_value());
  EXPECT_FALSE(read->clock.paused_at.has_value());
  EXPECT_TRUE(read->reasons.empty());
  EXPECT_TRUE(read->moderation.reasons.empty());
}

TEST_P(RowTest, ReadsAnEntryAsItWasWritten) {
  const std::string id = Add({});
  const Entry entry{.id = 41,
                    .time = FromMicros(42),
                    .type = EntryType::kInfoRequested,
                    .state = State::kNeedsInfo,
                    .actor = {Party::kOfficer, "the actor", "the department"},
                    .text = {"ROUTED_BY_RULE", {{"rule", "the rule"}}},
                    .comment = "the comment",
                    .audience = Audience::kStaff,
                    .comment_for_parties = true};
  ASSERT_OK(database_->Write([&](sql::Transaction& transaction) {
    return transaction.ExecuteWith(EntryInsert(), EntryValues(id, entry)).status();
  }));
  ASSERT_OK(database_->Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(auto rows, transaction.Query("SELECT type, actor, department, comment FROM "
                                                  "timeline WHERE entry = 41"));
    EXPECT_EQ(rows.at(0).Text(0), "INFO_REQUESTED");
    EXPECT_EQ(rows[0].Text(1), "the actor");
    EXPECT_EQ(rows[0].Text(2), "the department");
    EXPECT_EQ(rows[0].Text(3), "the comment");
    return absl::OkStatus();
  }));
  auto timeline = store_->GetTimeline(id);
  ASSERT_OK(timeline);
  const Entry& read = timeline->back();
  EXPECT_EQ(read.id, 41);
  EXPECT_EQ(read.time, FromMicros(42));
  EXPECT_EQ(read.type, EntryType::kInfoRequested);
  EXPECT_EQ(read.state, State::kNeedsInfo);
  EXPECT_EQ(read.actor.party, Party::kOfficer);
  EXPECT_EQ(read.actor.name, "the actor");
  EXPECT_EQ(read.actor.department, "the department");
  EXPECT_EQ(read.text, entry.text);
  EXPECT_EQ(read.comment, "the comment");
  EXPECT_EQ(read.audience, Audience::kStaff);
  EXPECT_TRUE(read.comment_for_parties);
}

// A newer release, which runs beside this one, may write new types.
TEST_P(RowTest, ReadsAnEntryOfAnUnknownType) {
  const std::string id = Add({});
  ASSERT_OK(database_->Write([&](sql::Transaction& transaction) {
    return transaction.Execute("UPDATE timeline SET type = 'FROM_THE_FUTURE'").status();
  }));
  auto timeline = store_->GetTimeline(id);
  ASSERT_OK(timeline);
  EXPECT_EQ(timeline->back().type, EntryType::kUnknown);
}

TEST_P(RowTest, ReadsAnUploadAsItWasWritten) {
  ASSERT_OK(store_->AddAttachment({.id = "the id",
                                   .owner = "the owner",
                                   .uploader = "the uploader",
                                   .content_type = "the type",
                                   .size_bytes = 51,
                                   .sha256 = "the hash",
                                   .blob = "the blob"},
                                  FromMicros(52), 100));
  auto read = store_->GetAttachment("the id");
  ASSERT_OK(read);
  EXPECT_EQ(read->owner, "the owner");
  EXPECT_EQ(read->content_type, "the type");
  EXPECT_EQ(read->size_bytes, 51);
  EXPECT_EQ(read->sha256, "the hash");
  EXPECT_EQ(read->blob, "the blob");
  EXPECT_EQ(read->appeal, "");
  EXPECT_EQ(*store_->CountUnusedBytes("the uploader", FromMicros(51)), 51);
}

INSTANTIATE_TEST_SUITE_P(Engines, RowTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace veche::appeals
