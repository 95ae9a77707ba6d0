#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

// One who has everything that the program keeps, and wants to know who cast which ballot.

namespace veche::testing {

// By what the adversary recognises a voter in a row: the value of a whole column, as bytes.
using Traces = absl::flat_hash_map<std::string, int>;  // to the number of the voter

// An order in which the rows of a table can be read, and the voters of whom the rows tell.
struct Reading {
  std::string order;           // "polling.db: voters by counter"
  std::vector<int> residents;  // by traces of residents, in this order
  std::vector<int> ballots;    // by traces of ballots, in this order
  bool linked = false;         // a row tells of a resident and a ballot
};

// Every table of the SQLite database `file`, in the engine's own order of rows and in the order of
// each column, where equal values keep the engine's order.
std::vector<Reading> ReadAll(const std::filesystem::path& file, const Traces& residents,
                             const Traces& ballots);

// How many voters of `order` are at the place at which they came: `order` has numbers of voters,
// who came in the order of their numbers.
int RightPairs(const std::vector<int>& order);

// How many right pairs there are at most by chance, when whoever guesses knows which voters are in
// which group of `group`: one in each group on average, with a variance of one. Exceeded by chance
// once in 300,000 times.
double MostByChance(size_t voters, size_t group);

}  // namespace veche::testing
