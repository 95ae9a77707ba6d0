#include "services/classification/training/label_sets.h"

#include <algorithm>
#include <map>
#include <set>

#include "services/classification/classifier/reference.h"

namespace veche::classification {
namespace {

constexpr size_t kFewestOfPlace = 50;
constexpr size_t kMostPlaces = 30;

int32_t IndexOf(const std::vector<std::string>& sorted, const std::string& label) {
  if (label.empty()) return kNoLabel;
  const auto at = std::lower_bound(sorted.begin(), sorted.end(), label);
  return at == sorted.end() || *at != label ? kNoLabel : static_cast<int32_t>(at - sorted.begin());
}

std::string GroupOf(const std::string& topic) {
  const Topic* known = FindTopic(topic);
  return known == nullptr ? topic : known->group;
}

std::vector<std::string> FrequentPlaces(absl::Span<const Example* const> examples) {
  std::map<std::string, size_t> counts;
  for (const Example* example : examples) {
    for (const std::string& place : example->places) ++counts[place];
  }
  std::vector<std::pair<size_t, std::string>> frequent;
  for (const auto& [name, count] : counts) {
    if (count >= kFewestOfPlace) frequent.emplace_back(count, name);
  }
  std::sort(frequent.rbegin(), frequent.rend());
  if (frequent.size() > kMostPlaces) frequent.resize(kMostPlaces);
  std::vector<std::string> names = {""};
  for (auto& [count, name] : frequent) names.push_back(std::move(name));
  return names;
}

void AddPlaces(const Example& example, const std::vector<std::string>& places,
               PlacedLabels& numbers) {
  for (const std::string& name : example.places) {
    const auto known = std::find(places.begin(), places.end(), name);
    if (known == places.end()) continue;
    const auto place = static_cast<uint32_t>(known - places.begin());
    if (numbers.place == 0) {
      numbers.place = place;
    } else {
      numbers.wider.push_back(place);
    }
  }
}

}  // namespace

LabelSets NumberLabels(absl::Span<const Example* const> examples) {
  LabelSets sets;
  std::array<std::set<std::string>, kHeads> names;
  for (const Example* example : examples) {
    if (!example->topic.empty()) {
      names[kTopic].insert(example->topic);
      names[kGroup].insert(GroupOf(example->topic));
    }
    if (!example->group.empty()) names[kGroup].insert(example->group);
    if (!example->department.empty()) names[kDepartment].insert(example->department);
  }
  if (names[kDepartment].empty()) {
    for (const std::string& topic : names[kTopic]) {
      const Topic* known = FindTopic(topic);
      if (known != nullptr) names[kDepartment].insert(known->department_kind);
    }
  }
  if (names[kDepartment].empty()) names[kDepartment].insert("none");
  for (size_t head = 0; head < kHeads; ++head) {
    sets.labels[head].assign(names[head].begin(), names[head].end());
  }
  for (const std::string& topic : sets.labels[kTopic]) {
    sets.group_of.push_back(static_cast<uint32_t>(IndexOf(sets.labels[kGroup], GroupOf(topic))));
    const Topic* known = FindTopic(topic);
    sets.defaults.push_back(
        known == nullptr ? kNoLabel : IndexOf(sets.labels[kDepartment], known->department_kind));
  }
  sets.places = FrequentPlaces(examples);
  for (const Example* example : examples) {
    PlacedLabels numbers;
    numbers.labels[kTopic] = IndexOf(sets.labels[kTopic], example->topic);
    numbers.labels[kGroup] =
        IndexOf(sets.labels[kGroup], !example->group.empty() || example->topic.empty()
                                         ? example->group
                                         : GroupOf(example->topic));
    numbers.labels[kDepartment] = IndexOf(sets.labels[kDepartment], example->department);
    AddPlaces(*example, sets.places, numbers);
    for (size_t head = 0; head < kHeads; ++head) {
      sets.labelled[head] += numbers.labels[head] != kNoLabel ? 1 : 0;
    }
    sets.examples.push_back(numbers);
  }
  return sets;
}

}  // namespace veche::classification
