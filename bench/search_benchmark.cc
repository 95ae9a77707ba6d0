// Time of one search among 50,000 entries of a directory, for queries as people type them.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/directory/search/search_index.h"

namespace veche::directory {
namespace {

constexpr int kEntries = 50'000;
constexpr int kSearches = 4000;

constexpr const char* kKinds[] = {"Аптека",
                                  "Больница",
                                  "Детская поликлиника",
                                  "Библиотека",
                                  "Школа",
                                  "Детский сад",
                                  "Управляющая компания",
                                  "Парк",
                                  "Центр занятости",
                                  "Отделение полиции",
                                  "Почта",
                                  "Магазин"};
constexpr const char* kSyllables[] = {"ба", "ве", "гор", "до", "ки", "лен", "мо", "на", "пет",
                                      "ро", "са", "ту",  "фе", "хо", "чер", "шу", "ян", "ский"};
constexpr const char* kQueries[] = {"больница",
                                    "болница",
                                    ",jkmybwf",
                                    "bolnitsa",
                                    "дет",
                                    "детская паликлиника",
                                    "а",
                                    "почта горки",
                                    "шко",
                                    "библиатека",
                                    "92-16",
                                    "управляющая компания петро",
                                    "центр занятасти населения",
                                    "космодром байконур",
                                    "gjkbrkbybrf ltncrfz",
                                    "улица гагарина 12"};

std::string MakeName(std::mt19937& random) {
  std::string name;
  for (int i = 0; i < 4; ++i) name += kSyllables[random() % std::size(kSyllables)];
  return name;
}

std::vector<SearchDocument> MakeDocuments() {
  std::mt19937 random(1);
  std::vector<SearchDocument> documents;
  for (int i = 0; i < kEntries; ++i) {
    const char* kind = kKinds[random() % std::size(kKinds)];
    documents.push_back(
        {.fields = {{.text = absl::StrCat(kind, " «", MakeName(random), "» № ", i % 300)},
                    {.text = absl::StrCat("ул. ", MakeName(random), ", д. ", i % 120),
                     .weight = 0.5},
                    {.text = absl::StrCat(kind, " для жителей района ", MakeName(random), " ",
                                          MakeName(random)),
                     .weight = 0.4}},
         .phones = {absl::StrCat("+7 843 ", 2'000'000 + i * 17)}});
  }
  return documents;
}

void Run() {
  using Clock = std::chrono::steady_clock;
  using Milliseconds = std::chrono::duration<double, std::milli>;
  const std::vector<SearchDocument> documents = MakeDocuments();
  const auto begin = Clock::now();
  const SearchIndex index(documents);
  const Milliseconds built = Clock::now() - begin;
  std::vector<double> times;
  for (int i = 0; i < kSearches; ++i) {
    const auto start = Clock::now();
    index.Search(kQueries[i % std::size(kQueries)], 20,
                 [](uint32_t document) { return PlaceWeight(document % 5000, document % 3 == 0); });
    times.push_back(Milliseconds(Clock::now() - start).count());
  }
  std::sort(times.begin(), times.end());
  std::printf("%-58s %.2f ms  (bar <= 5 ms)  p50 %.2f ms, index built in %.0f ms\n",
              "search among 50,000 entries, p99", times[times.size() * 99 / 100],
              times[times.size() / 2], built.count());
}

}  // namespace
}  // namespace veche::directory

int main() { veche::directory::Run(); }
