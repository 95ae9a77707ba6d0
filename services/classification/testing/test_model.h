#pragma once

#include "services/classification/training/trainer.h"

namespace veche::classification {

// A few texts of two topics: enough for a model that is right or wrong.
inline std::vector<Example> TwoTopics() {
  std::vector<Example> examples;
  for (const char* text :
       {"Яма на дороге", "дорога разбита, ямы", "асфальт провалился, большая яма",
        "глубокая яма на проезжей части", "когда починят дорогу, одни ямы"}) {
    examples.push_back({text, "road_surface"});
  }
  for (const char* text : {"Не горит фонарь", "темно, фонари не горят", "фонарь у дома погас",
                           "нет света, фонарь разбит", "включите фонари во дворе"}) {
    examples.push_back({text, "street_lighting"});
  }
  return examples;
}

}  // namespace veche::classification
