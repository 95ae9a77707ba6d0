#pragma once

#include <string>
#include <vector>

namespace veche::classification {

// A training text with its labels; "" for no label.
struct Example {
  // If there are texts of a city, only those are tested in cross-validation.
  enum class Origin { kCity, kSeed, kName };

  std::string text;
  std::string topic;
  std::string group;       // "": that of the topic
  std::string department;  // a kind of department
  // Names of PlaceNames: texts and departments differ between places.
  std::vector<std::string> places = {};
  Origin origin = Origin::kCity;
  float weight = 1;
};

}  // namespace veche::classification
