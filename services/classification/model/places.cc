#include "services/classification/model/places.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace veche::classification {
namespace {

constexpr double kCellsPerDegree = 100;
constexpr double kPriorWeight = 5;  // weight of the prior, in texts
constexpr double kCaution = 2;      // texts added to both sides of a ratio, against chance

using Counts = std::vector<double>;

// The counts of a place, or of all places.
struct Tally {
  explicit Tally(const std::array<size_t, kHeads>& labels)
      : pairs(labels[kTopic] * labels[kDepartment], 0.0) {
    for (size_t head = 0; head < kHeads; ++head) heads[head].assign(labels[head], 0.0);
  }

  void Add(const PlacedLabels& text) {
    for (size_t head = 0; head < kHeads; ++head) {
      if (text.labels[head] == kNoLabel) continue;
      heads[head][static_cast<size_t>(text.labels[head])] += 1;
      sums[head] += 1;
    }
    if (text.labels[kTopic] == kNoLabel || text.labels[kDepartment] == kNoLabel) return;
    pairs[static_cast<size_t>(text.labels[kTopic]) * heads[kDepartment].size() +
          static_cast<size_t>(text.labels[kDepartment])] += 1;
  }

  std::array<Counts, kHeads> heads;
  std::array<double, kHeads> sums{};
  Counts pairs;  // [topic][department]
};

std::vector<float> LogRatios(const Tally& here, const Tally& all, Head head) {
  std::vector<float> ratios(all.heads[head].size(), 0.0f);
  if (all.sums[head] == 0) return ratios;
  for (size_t i = 0; i < ratios.size(); ++i) {
    const double expected = here.sums[head] * all.heads[head][i] / all.sums[head];
    ratios[i] =
        static_cast<float>(std::log((here.heads[head][i] + kCaution) / (expected + kCaution)));
  }
  return ratios;
}

double Share(const Tally& tally, size_t department) {
  const Counts& counts = tally.heads[kDepartment];
  return (counts[department] + 0.5) /
         (tally.sums[kDepartment] + 0.5 * static_cast<double>(counts.size()));
}

// P(department | topic): counts, shrunk towards a prior.
template <typename Belief>
std::vector<float> Departments(const Tally& tally, Belief belief) {
  const size_t departments = tally.heads[kDepartment].size();
  std::vector<float> shares(tally.pairs.size());
  for (size_t topic = 0; topic < tally.heads[kTopic].size(); ++topic) {
    double sum = kPriorWeight;
    for (size_t i = 0; i < departments; ++i) sum += tally.pairs[topic * departments + i];
    for (size_t i = 0; i < departments; ++i) {
      const double count = tally.pairs[topic * departments + i] + kPriorWeight * belief(topic, i);
      shares[topic * departments + i] = static_cast<float>(count / sum);
    }
  }
  return shares;
}

// "" for an invalid point, such as NaN.
std::string CellName(const Point& point) {
  if (!(std::abs(point.latitude) <= 90) || !(std::abs(point.longitude) <= 180)) return "";
  const auto step = [](double degrees) {
    return std::lround(std::floor(degrees * kCellsPerDegree));
  };
  return absl::StrCat("cell:", step(point.latitude), ":", step(point.longitude));
}

}  // namespace

std::vector<std::string> PlaceNames(const TextOrigin& origin) {
  std::vector<std::string> names;
  if (origin.point) names.push_back(CellName(*origin.point));
  for (absl::string_view name : {origin.district, origin.city, origin.channel}) {
    names.emplace_back(absl::StripPrefix(name, "districts/"));
  }
  std::erase(names, "");
  return names;
}

std::vector<Place> CountPlaces(absl::Span<const PlacedLabels* const> texts,
                               const std::vector<std::string>& names,
                               const std::array<size_t, kHeads>& labels,
                               const DefaultDepartments& defaults) {
  std::vector<Tally> tallies(names.size(), Tally(labels));
  for (const PlacedLabels* text : texts) {
    tallies[0].Add(*text);
    if (text->place > 0) tallies[text->place].Add(*text);
    for (uint32_t place : text->wider) tallies[place].Add(*text);
  }
  const Tally& all = tallies[0];
  std::vector<Place> places(1);
  places[0].topics.assign(labels[kTopic], 0.0f);
  places[0].groups.assign(labels[kGroup], 0.0f);
  places[0].departments = Departments(all, [&](size_t topic, size_t department) {
    const bool usual = defaults[topic] == static_cast<int32_t>(department);
    if (all.sums[kDepartment] == 0 && defaults[topic] != kNoLabel) return usual ? 1.0 : 0.0;
    const double share = Share(all, department);
    return defaults[topic] == kNoLabel ? share : (share + (usual ? 1.0 : 0.0)) / 2;
  });
  for (size_t i = 1; i < names.size(); ++i) {
    const std::vector<float>& usual = places[0].departments;
    const auto belief = [&](size_t topic, size_t department) {
      return (Share(tallies[i], department) + usual[topic * labels[kDepartment] + department]) / 2;
    };
    places.push_back({.name = names[i],
                      .topics = LogRatios(tallies[i], all, kTopic),
                      .groups = LogRatios(tallies[i], all, kGroup),
                      .departments = Departments(tallies[i], belief)});
  }
  return places;
}

}  // namespace veche::classification
