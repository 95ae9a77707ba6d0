#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace veche {

// The files of one demo city: a folder of demo/, which the build puts into the program. A part of a
// city is empty if its file is missing. Cheap to copy; contents live forever.
class DemoFiles {
 public:
  using Row = std::vector<absl::string_view>;

  // The names of all demo cities, sorted.
  static std::vector<absl::string_view> Cities();
  // InvalidArgument names the cities if there is none with this name.
  static absl::StatusOr<DemoFiles> Find(absl::string_view city);

  absl::string_view city() const { return city_; }
  // The content of a file such as "appeals.tsv"; "" if the city has none.
  absl::string_view Get(absl::string_view file) const;
  // The rows of a table of tab-separated cells below a header line, which must name exactly
  // `columns`. Empty lines are skipped. Internal names the file and the line that is wrong.
  absl::StatusOr<std::vector<Row>> Rows(absl::string_view file,
                                        const std::vector<absl::string_view>& columns) const;

 private:
  explicit DemoFiles(absl::string_view city) : city_(city) {}

  absl::string_view city_;  // part of the name of an embedded file
};

}  // namespace veche
