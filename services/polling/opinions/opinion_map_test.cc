#include "services/polling/opinions/opinion_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace veche::polling::opinions {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Vote {
  int person = 0;
  int statement = 0;
  Opinion opinion = Opinion::kPass;
};

// Votes of people in camps. Statement j is agreed to by camp j % (camps + 1) alone, or by all if
// that is `camps`. One in ten votes is random, `missing` of ten are missing.
std::vector<Vote> PlantedVotes(std::mt19937& random, const std::vector<int>& camp_of, int camps,
                               int statements, int missing) {
  std::vector<Vote> votes;
  for (int person = 0; person < static_cast<int>(camp_of.size()); ++person) {
    for (int j = 0; j < statements; ++j) {
      if (static_cast<int>(random() % 10) < missing) continue;
      const int target = j % (camps + 1);
      const bool agree =
          random() % 10 == 0 ? random() % 2 == 0 : target == camps || target == camp_of[person];
      votes.push_back({person, j, agree ? Opinion::kAgree : Opinion::kDisagree});
    }
  }
  return votes;
}

std::vector<int> Camps(const std::vector<int>& sizes) {
  std::vector<int> camp_of;
  for (size_t camp = 0; camp < sizes.size(); ++camp) {
    camp_of.insert(camp_of.end(), sizes[camp], static_cast<int>(camp));
  }
  return camp_of;
}

VoteMatrix MatrixOf(const std::vector<Vote>& votes) {
  VoteMatrix matrix;
  for (const Vote& vote : votes) {
    const int person = matrix.AddPerson(absl::StrCat("p", vote.person));
    const int statement = matrix.AddStatement(absl::StrCat("s", vote.statement));
    matrix.Set(person, statement, vote.opinion);
  }
  return matrix;
}

// Hubert and Arabie 1985.
double AdjustedRandIndex(const std::vector<int>& a, const std::vector<int>& b) {
  std::map<std::pair<int, int>, double> cells;
  std::map<int, double> rows, columns;
  for (size_t i = 0; i < a.size(); ++i) {
    ++cells[{a[i], b[i]}];
    ++rows[a[i]];
    ++columns[b[i]];
  }
  const auto pairs = [](double n) { return n * (n - 1) / 2; };
  double together = 0, in_a = 0, in_b = 0;
  for (const auto& [cell, n] : cells) together += pairs(n);
  for (const auto& [row, n] : rows) in_a += pairs(n);
  for (const auto& [column, n] : columns) in_b += pairs(n);
  const double expected = in_a * in_b / pairs(double(a.size()));
  return (together - expected) / ((in_a + in_b) / 2 - expected);
}

std::vector<int> GroupsOf(const OpinionMap& map) {
  std::vector<int> groups;
  for (const Place& place : map.places) groups.push_back(place.group);
  return groups;
}

// Two maps of the same votes, whatever the indexes of people and statements are.
void ExpectSame(const VoteMatrix& a, const OpinionMap& map_a, const VoteMatrix& b,
                const OpinionMap& map_b) {
  EXPECT_EQ(map_a.silhouette, map_b.silhouette);
  ASSERT_EQ(map_a.groups.size(), map_b.groups.size());
  for (size_t i = 0; i < map_a.groups.size(); ++i) {
    EXPECT_EQ(map_a.groups[i].size, map_b.groups[i].size);
    EXPECT_EQ(map_a.groups[i].x, map_b.groups[i].x);
    EXPECT_EQ(map_a.groups[i].y, map_b.groups[i].y);
  }
  std::map<std::string, Place> places;
  for (int i = 0; i < a.people(); ++i) places[a.person_key(i)] = map_a.places[i];
  for (int i = 0; i < b.people(); ++i) {
    const Place& place = places.at(b.person_key(i));
    EXPECT_EQ(place.x, map_b.places[i].x);
    EXPECT_EQ(place.y, map_b.places[i].y);
    EXPECT_EQ(place.group, map_b.places[i].group);
  }
  const auto keys = [](const VoteMatrix& matrix, const std::vector<int>& statements) {
    std::vector<std::string> names;
    for (const int i : statements) names.push_back(matrix.statement_key(i));
    return names;
  };
  EXPECT_EQ(keys(a, map_a.uniting), keys(b, map_b.uniting));
  EXPECT_EQ(keys(a, map_a.dividing), keys(b, map_b.dividing));
}

TEST(OpinionMapTest, FindsPlantedGroups) {
  std::mt19937 random(1);
  for (const auto& sizes : std::vector<std::vector<int>>{
           {60, 40}, {300, 30}, {50, 40, 30}, {400, 100, 100}, {30, 30, 30, 30}}) {
    const std::vector<int> camp_of = Camps(sizes);
    const int camps = static_cast<int>(sizes.size());
    // Three camps and fewer differ in two dimensions. Four need a third, and share a plane less
    // well.
    const int missing = camps == 4 ? 2 : 5;
    const VoteMatrix matrix = MatrixOf(PlantedVotes(random, camp_of, camps, 40, missing));
    const OpinionMap map = ComputeOpinionMap(matrix);
    SCOPED_TRACE(absl::StrCat(camps, " camps of ", camp_of.size()));
    const double index = AdjustedRandIndex(camp_of, GroupsOf(map));
    if (camps < 4) {
      EXPECT_EQ(map.groups.size(), sizes.size());
      EXPECT_GT(index, 0.95);
    } else {
      EXPECT_GT(index, 0.4);
    }
  }
}

TEST(OpinionMapTest, UnitingAndDividingStatements) {
  std::mt19937 random(2);
  const std::vector<int> camp_of = Camps({60, 40});
  const VoteMatrix matrix = MatrixOf(PlantedVotes(random, camp_of, 2, 30, 3));
  const OpinionMap map = ComputeOpinionMap(matrix);
  ASSERT_EQ(map.groups.size(), 2u);
  ASSERT_EQ(map.uniting.size(), 30u);
  const auto unites = [&](int i) { return matrix.statement_key(i).substr(1); };
  for (size_t i = 0; i < 10; ++i) EXPECT_EQ(std::stoi(unites(map.uniting[i])) % 3, 2);
  for (size_t i = 0; i < 20; ++i) EXPECT_NE(std::stoi(unites(map.dividing[i])) % 3, 2);

  // Counts and measures against a look at every vote.
  for (const StatementOpinion& statement : map.statements) {
    std::vector<VoteCounts> groups(2);
    VoteCounts all;
    for (int person = 0; person < matrix.people(); ++person) {
      const int vote = matrix.votes(person)[statement.statement];
      for (VoteCounts* counts : {&all, &groups[map.places[person].group]}) {
        counts->agree += vote == 1;
        counts->disagree += vote == -1;
        counts->pass += vote == 0;
      }
    }
    double consensus = 1;
    std::vector<double> shares;
    for (int g = 0; g < 2; ++g) {
      EXPECT_EQ(statement.groups[g].agree, groups[g].agree);
      EXPECT_EQ(statement.groups[g].disagree, groups[g].disagree);
      EXPECT_EQ(statement.groups[g].pass, groups[g].pass);
      shares.push_back((groups[g].agree + 1.0) /
                       (groups[g].agree + groups[g].disagree + groups[g].pass + 2.0));
      consensus *= shares.back();
    }
    EXPECT_EQ(statement.all.agree, all.agree);
    EXPECT_EQ(statement.all.disagree, all.disagree);
    EXPECT_EQ(statement.all.pass, all.pass);
    EXPECT_DOUBLE_EQ(statement.agree_consensus, consensus);
    EXPECT_DOUBLE_EQ(statement.division, std::abs(shares[0] - shares[1]));
  }
}

TEST(OpinionMapTest, TheSameVotesInAnyOrderGiveTheSameMap) {
  std::mt19937 random(3);
  std::vector<Vote> votes = PlantedVotes(random, Camps({70, 50, 20}), 3, 25, 4);
  const VoteMatrix first = MatrixOf(votes);
  const OpinionMap map = ComputeOpinionMap(first);
  for (int round = 0; round < 3; ++round) {
    std::shuffle(votes.begin(), votes.end(), random);
    const VoteMatrix other = MatrixOf(votes);
    ExpectSame(first, map, other, ComputeOpinionMap(other));
  }
}

TEST(OpinionMapTest, ChangedVotesGiveTheMapOfTheVotesThatStand) {
  std::mt19937 random(4);
  const std::vector<Vote> votes = PlantedVotes(random, Camps({40, 30}), 2, 20, 4);
  VoteMatrix changed;
  // First other votes, some of which are withdrawn later.
  for (int i = 0; i < 900; ++i) {
    changed.Set(changed.AddPerson(absl::StrCat("p", random() % 70)),
                changed.AddStatement(absl::StrCat("s", random() % 20)),
                static_cast<Opinion>(int(random() % 3) - 1));
  }
  ComputeOpinionMap(changed);
  std::map<std::pair<std::string, std::string>, Opinion> standing;
  for (const Vote& vote : votes) {
    standing[{absl::StrCat("p", vote.person), absl::StrCat("s", vote.statement)}] = vote.opinion;
  }
  for (int i = 0; i < changed.people(); ++i) {
    for (int j = 0; j < changed.statements(); ++j) {
      const auto found = standing.find({changed.person_key(i), changed.statement_key(j)});
      if (found == standing.end()) {
        changed.Clear(i, j);
      } else {
        changed.Set(i, j, found->second);
      }
    }
  }
  const VoteMatrix direct = MatrixOf(votes);
  ASSERT_EQ(direct.people(), changed.people());
  ExpectSame(direct, ComputeOpinionMap(direct), changed, ComputeOpinionMap(changed));
}

TEST(OpinionMapTest, SmallGroupsAndPeopleWithFewVotesAreNotReported) {
  std::mt19937 random(5);
  VoteMatrix matrix = MatrixOf(PlantedVotes(random, Camps({50, 40, 4}), 3, 40, 2));
  matrix.Set(matrix.AddPerson("newcomer"), 0, Opinion::kAgree);
  const OpinionMap map = ComputeOpinionMap(matrix);
  EXPECT_EQ(map.places.back().group, -1);
  ASSERT_EQ(map.groups.size(), 2u);
  int64_t grouped = 0;
  for (const Group& group : map.groups) {
    EXPECT_GE(group.size, 5);
    grouped += group.size;
  }
  for (const StatementOpinion& statement : map.statements) EXPECT_EQ(statement.groups.size(), 2u);
  EXPECT_EQ(grouped, std::count_if(map.places.begin(), map.places.end(),
                                   [](const Place& place) { return place.group >= 0; }));
}

TEST(OpinionMapTest, NobodyAndNothing) {
  VoteMatrix matrix;
  EXPECT_THAT(ComputeOpinionMap(matrix).groups, IsEmpty());
  matrix.AddPerson("p");
  EXPECT_THAT(ComputeOpinionMap(matrix).groups, IsEmpty());
  matrix.AddStatement("s");
  const OpinionMap without_votes = ComputeOpinionMap(matrix);
  EXPECT_THAT(without_votes.groups, IsEmpty());
  EXPECT_THAT(without_votes.uniting, IsEmpty());
  EXPECT_EQ(without_votes.statements.size(), 1u);
  for (int i = 0; i < 4; ++i) matrix.Set(matrix.AddPerson(std::to_string(i)), 0, Opinion::kAgree);
  EXPECT_THAT(ComputeOpinionMap(matrix).groups, IsEmpty());
}

TEST(OpinionMapTest, RandomVotesAreOneGroup) {
  std::mt19937 random(6);
  std::vector<Vote> votes;
  for (int person = 0; person < 400; ++person) {
    for (int j = 0; j < 40; ++j) {
      votes.push_back({person, j, static_cast<Opinion>(int(random() % 3) - 1)});
    }
  }
  const VoteMatrix matrix = MatrixOf(votes);
  const OpinionMap map = ComputeOpinionMap(matrix);
  ASSERT_EQ(map.groups.size(), 1u);
  EXPECT_EQ(map.groups[0].size, 400);
  EXPECT_LT(map.silhouette, 0.4);
  EXPECT_GE(ComputeOpinionMap(matrix, {.least_silhouette = 0}).groups.size(), 2u);
}

TEST(OpinionMapTest, PeopleWhoAllAgreeAreOneGroup) {
  VoteMatrix matrix;
  for (int i = 0; i < 9; ++i) {
    for (int j = 2; j >= 0; --j) {
      matrix.Set(matrix.AddPerson(std::to_string(i)), matrix.AddStatement(std::to_string(j)),
                 Opinion::kAgree);
    }
  }
  const OpinionMap map = ComputeOpinionMap(matrix);
  ASSERT_EQ(map.groups.size(), 1u);
  EXPECT_EQ(map.groups[0].size, 9);
  EXPECT_EQ(map.statements[0].division, 0);
  EXPECT_THAT(map.uniting, ElementsAre(2, 1, 0));  // by key
}

}  // namespace
}  // namespace veche::polling::opinions
