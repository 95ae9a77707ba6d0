#include "services/appeals/storage/wire_types.h"

#include <gtest/gtest.h>

#include <set>

// The names that clients and other services know.

namespace veche::appeals {
namespace {

TEST(WireTypesTest, NameEntriesAndEventsAsTheWireDoes) {
  EXPECT_EQ(EntryTypeName(EntryType::kInfoRequested), "INFO_REQUESTED");
  EXPECT_EQ(EventTypeName(EventType::kInfoRequested), "veche.appeals.info_requested");
}

TEST(WireTypesTest, ReadEveryNameThatTheyGive) {
  std::set<std::string> names;
  for (int i = 1; i <= static_cast<int>(EntryType::kLinked); ++i) {
    const auto type = static_cast<EntryType>(i);
    EXPECT_TRUE(names.insert(EntryTypeName(type)).second);
    EXPECT_EQ(ParseEntryType(EntryTypeName(type)), type);
  }
  for (int i = 1; i <= static_cast<int>(EventType::kLinked); ++i) {
    const auto type = static_cast<EventType>(i);
    EXPECT_TRUE(names.insert(EventTypeName(type)).second);
    EXPECT_EQ(ParseEventType(EventTypeName(type)), type);
  }
}

TEST(WireTypesTest, TakeAnythingElseForUnknown) {
  for (const char* name :
       {"", "NONE", "TYPE_UNSPECIFIED", "submitted", "veche.appeals.submitted"}) {
    EXPECT_EQ(ParseEntryType(name), EntryType::kUnknown) << name;
  }
  for (const char* name : {"", "submitted", "veche.appeals.", "veche.appeals.none",
                           "veche.appeals.type_unspecified", "veche.polling.submitted"}) {
    EXPECT_EQ(ParseEventType(name), EventType::kUnknown) << name;
  }
}

}  // namespace
}  // namespace veche::appeals
