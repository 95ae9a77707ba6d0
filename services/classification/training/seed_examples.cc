#include <cstdio>
#include <cstdlib>

#include "services/classification/classifier/reference.h"
#include "services/classification/training/labelled_data.h"
#include "services/classification/training/trainer.h"

namespace veche::classification {

const std::vector<Example>& SeedExamples() {
  static const auto* const examples = [] {
    auto* built = new std::vector<Example>();
    for (const EmbeddedFile& file : SeedTexts()) {
      auto texts = ParseLabelledData(file.content);
      if (!texts.ok()) {  // tests check the embedded data
        std::fprintf(stderr, "built-in %s: %s\n", std::string(file.name).c_str(),
                     texts.status().ToString().c_str());
        std::abort();
      }
      for (LabelledText& text : *texts) {
        text.example.origin = Example::Origin::kSeed;
        built->push_back(std::move(text.example));
      }
    }
    for (const Topic& topic : Topics()) {
      const Titles& titles = topic.titles;
      for (const std::string* title :
           {&titles.russian, &titles.tatar, &titles.ukrainian, &titles.english}) {
        built->push_back({.text = *title, .topic = topic.id, .origin = Example::Origin::kSeed});
      }
    }
    return built;
  }();
  return *examples;
}

}  // namespace veche::classification
