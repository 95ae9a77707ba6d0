#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/classification/wording/wording_trainer.h"

namespace veche::classification {

absl::StatusOr<WordingLessons> ReadWordingLessons(absl::string_view folder) {
  const auto read = [folder](absl::string_view name) -> absl::StatusOr<WordingLessons::Table> {
    const std::string path = absl::StrCat(folder, "/", name, ".tsv");
    std::ifstream file(path, std::ios::binary);
    if (!file) return absl::NotFoundError(absl::StrCat("cannot read ", path));
    return WordingLessons::Table{std::string(name), {std::istreambuf_iterator<char>(file), {}}};
  };
  WordingLessons lessons;
  ASSIGN_OR_RETURN(lessons.moderation, read("moderation_examples"));
  for (absl::string_view language : {"ru", "uk", "tt", "en"}) {
    ASSIGN_OR_RETURN(lessons.topics.emplace_back(), read(absl::StrCat("examples_", language)));
    ASSIGN_OR_RETURN(lessons.danger.emplace_back(),
                     read(absl::StrCat("danger_examples_", language)));
  }
  for (absl::string_view part : {"letters_ru_1", "letters_ru_2"}) {
    ASSIGN_OR_RETURN(lessons.letters.emplace_back(), read(part));
  }
  ASSIGN_OR_RETURN(lessons.meanings, read("danger_words"));
  ASSIGN_OR_RETURN(lessons.rules, read("emergencies"));
  ASSIGN_OR_RETURN(lessons.advice, read("advice"));
  return lessons;
}

}  // namespace veche::classification
