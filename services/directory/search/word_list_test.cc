#include "services/directory/search/word_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "absl/strings/match.h"

namespace veche::directory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> In(const std::vector<std::string>& words, WordList::Range range) {
  return {words.begin() + range.first, words.begin() + range.last};
}

// Optimal string alignment, by its definition.
int Distance(absl::string_view a, absl::string_view b) {
  std::vector<std::vector<int>> d(a.size() + 1, std::vector<int>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) {
    for (size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = static_cast<int>(i + j);
        continue;
      }
      d[i][j] =
          std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
  }
  return d[a.size()][b.size()];
}

std::string RandomWord(std::mt19937& random, size_t most) {
  std::string word(1 + random() % most, ' ');
  for (char& letter : word) letter = static_cast<char>('a' + random() % 3);
  return word;
}

TEST(WordListTest, FindsWordsByTheirBeginnings) {
  const std::vector<std::string> words = {"a", "apteka", "apteki", "bank", "park"};
  const WordList list(words);
  EXPECT_THAT(In(words, list.StartingWith("apt")), ElementsAre("apteka", "apteki"));
  EXPECT_THAT(In(words, list.StartingWith("a")), ElementsAre("a", "apteka", "apteki"));
  EXPECT_THAT(In(words, list.StartingWith("park")), ElementsAre("park"));
  EXPECT_THAT(In(words, list.StartingWith("parks")), IsEmpty());
  EXPECT_TRUE(list.Has("bank"));
  EXPECT_FALSE(list.Has("ban"));
  EXPECT_FALSE(WordList().Has("a"));
}

TEST(WordListTest, FindsWhatADefinitionOfTyposFinds) {
  std::mt19937 random(7);
  std::set<std::string> unique;
  while (unique.size() < 400) unique.insert(RandomWord(random, 9));
  const std::vector<std::string> words(unique.begin(), unique.end());
  const WordList list(words);
  for (int round = 0; round < 500; ++round) {
    const std::string word = RandomWord(random, 9);
    const int most = 1 + round % 2;
    std::map<uint32_t, int> found;
    list.FindWithTypos(word, most, /*prefixes=*/false, [&](const WordList::Match& match) {
      EXPECT_FALSE(match.prefix);
      found[match.words.first] = match.typos;
    });
    for (uint32_t i = 0; i < words.size(); ++i) {
      const int distance = Distance(word, words[i]);
      const bool expected = distance >= 1 && distance <= most;
      ASSERT_EQ(found.contains(i), expected) << word << " " << words[i];
      if (expected) {
        EXPECT_EQ(found[i], distance);
      }
    }
  }
}

TEST(WordListTest, FindsWordsWhoseBeginningsHaveATypo) {
  const std::vector<std::string> words = {"biblioteka", "bolnica", "poliklinika"};
  const WordList list(words);
  std::set<std::string> found;
  list.FindWithTypos("polikni", 1, /*prefixes=*/true, [&](const WordList::Match& match) {
    for (const std::string& word : In(words, match.words)) found.insert(word);
  });
  EXPECT_THAT(found, ElementsAre("poliklinika"));
}

TEST(WordListTest, TakesTheLongestWords) {
  const std::string longest(WordList::kMostLetters, 'a');
  const WordList list(std::vector<std::string>{longest});
  int found = 0;
  list.FindWithTypos(longest.substr(2), 2, /*prefixes=*/false,
                     [&](const WordList::Match&) { ++found; });
  list.FindWithTypos(longest + "a", 2, /*prefixes=*/false,
                     [&](const WordList::Match&) { ADD_FAILURE(); });
  EXPECT_EQ(found, 1);
}

}  // namespace
}  // namespace veche::directory
