#include "services/directory/search/search_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/directory/search/spelling.h"

namespace veche::directory {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::vector<std::string>& Titles() {
  static const auto& titles = *new std::vector<std::string>{
      "Городская клиническая больница № 7",  // 0
      "Детская поликлиника",                 // 1
      "Библиотека имени Тукая",              // 2
      "Управляющая компания «Уютный дом»",   // 3
      "Парк Горького",                       // 4
      "Wi-Fi на остановке",                  // 5
      "Центр занятости населения",           // 6
      "Лікарня швидкої допомоги",            // 7
      "Щербаковский переулок, аптека",       // 8
      "Парковка у вокзала",                  // 9
  };
  return titles;
}

SearchIndex MakeIndex() {
  std::vector<SearchDocument> documents;
  for (const std::string& title : Titles()) {
    documents.push_back({.fields = {{.text = title}}});
  }
  documents[0].fields.push_back({.text = "Есть детское отделение", .weight = 0.4f});
  documents[0].phones = {"+7 (843) 221-36-54"};
  documents[6].phones = {"8 843 292-01-65", "112"};
  return SearchIndex(documents);
}

std::vector<uint32_t> Find(const SearchIndex& index, absl::string_view query) {
  std::vector<uint32_t> found;
  for (const auto& hit : index.Search(query, 10, [](uint32_t) { return 1.0f; })) {
    found.push_back(hit.document);
  }
  return found;
}

TEST(SearchIndexTest, ForgivesWhatPeopleType) {
  const SearchIndex index = MakeIndex();
  const std::pair<const char*, uint32_t> cases[] = {
      {"больница", 0},
      {"больницы", 0},
      {"БОЛЬНИЦУ", 0},
      {"болница", 0},
      {"бальница", 0},
      {"бльоница", 0},  // swapped
      {"больн", 0},
      {",jkmybwf", 0},
      {"<JKMYBWF", 0},
      {"bolnitsa", 0},
      {"bol'nica", 0},
      {"городская больница 7", 0},
      {"поликлиника для детей", 1},
      {"паликлинека", 1},
      {"poliklinika", 1},
      {"gjkbrkbybrf", 1},
      {"библиатека", 2},
      {"тукай", 2},
      {"biblioteka tukaya", 2},
      {"уютный дом", 3},
      {"park gorkogo", 4},
      {"парк горького", 4},
      {"цш-аш", 5},
      {"wifi остановка", 5},
      {"занятость", 6},
      {"центер занятости", 6},
      {"лікарня", 7},
      {"лікарні", 7},
      {"ksrfhyz", 7},  // Ukrainian keyboard
      {"shcherbakovskiy", 8},
      {"апт", 8},
      {"парковка", 9},
  };
  for (const auto& [query, expected] : cases) {
    const std::vector<uint32_t> found = Find(index, query);
    ASSERT_FALSE(found.empty()) << query;
    EXPECT_EQ(found.front(), expected) << query << " found " << Titles()[found.front()];
  }
}

TEST(SearchIndexTest, FindsNothingForNothing) {
  const SearchIndex index = MakeIndex();
  for (const char* query : {"", " ", "!?", "космодром", "\xff\xfe"}) {
    EXPECT_THAT(Find(index, query), IsEmpty()) << query;
  }
  EXPECT_THAT(Find(SearchIndex(), "больница"), IsEmpty());
}

TEST(SearchIndexTest, AShortWordHasNoTypos) {
  const SearchIndex index = MakeIndex();
  EXPECT_THAT(Find(index, "дим"), IsEmpty());
  EXPECT_THAT(Find(index, "дом"), ElementsAre(3));
}

TEST(SearchIndexTest, TheWholeWordComesBeforeABeginning) {
  EXPECT_THAT(Find(MakeIndex(), "парк"), ElementsAre(4, 9));
}

TEST(SearchIndexTest, ATitleComesBeforeADescription) {
  EXPECT_THAT(Find(MakeIndex(), "детская"), ElementsAre(1, 0));
}

TEST(SearchIndexTest, MostWordsAreFoundWhereNoDocumentHasAll) {
  const std::vector<uint32_t> found = Find(MakeIndex(), "детская библиотека");
  EXPECT_THAT(found, Contains(1u));
  EXPECT_THAT(found, Contains(2u));
}

TEST(SearchIndexTest, PhonesAreFoundByTheirDigits) {
  const SearchIndex index = MakeIndex();
  for (const char* query : {"221-36-54", "8 843 221 36 54", "+7(843)221-36-54", "36-54"}) {
    EXPECT_THAT(Find(index, query), ElementsAre(0)) << query;
  }
  EXPECT_THAT(Find(index, "112"), ElementsAre(6));
  EXPECT_THAT(Find(index, "12"), IsEmpty());
}

TEST(SearchIndexTest, WeightsChangeTheOrderAndLeaveOut) {
  const SearchIndex index = MakeIndex();
  const auto hits = index.Search("пар", 10, [](uint32_t document) {
    return document == 9 ? PlaceWeight(100, true) : PlaceWeight(9000, false);
  });
  ASSERT_EQ(hits.size(), 2u);
  EXPECT_EQ(hits[0].document, 9u);
  EXPECT_THAT(index.Search("парк", 10, [](uint32_t) { return 0.0f; }), IsEmpty());
  EXPECT_EQ(index.Search("пар", 1, [](uint32_t) { return 1.0f; }).size(), 1u);
}

TEST(SpellingTest, WordsThatSoundAlikeAreSpelledAlike) {
  const std::vector<std::vector<const char*>> same = {
      {"больница", "bolnitsa", "bol'nitsa"},
      {"щука", "shchuka", "schuka"},
      {"жёлтый", "zheltiy"},
      {"хор", "khor", "hor"},
      {"юла", "yula", "jula"},
      {"касса", "kassa", "каса"},
      {"чай", "chay", "chai"},
      {"центр", "tsentr", "centr"},
  };
  for (const auto& words : same) {
    for (const char* word : words) EXPECT_EQ(SoundOf(word), SoundOf(words[0])) << word;
  }
  EXPECT_EQ(SoundOf("11"), "11");
}

TEST(SpellingTest, ReadsAnotherLayout) {
  EXPECT_THAT(OtherLayouts(",jkmybwf"), Contains("больница"));
  EXPECT_THAT(OtherLayouts("ksrfhyz"), Contains("лікарня"));
  EXPECT_THAT(OtherLayouts("зфкл"), Contains("park"));
  EXPECT_THAT(OtherLayouts("123"), IsEmpty());
}

}  // namespace
}  // namespace veche::directory
