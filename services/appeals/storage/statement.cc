#include "services/appeals/storage/statement.h"

namespace veche::appeals {

std::string Parameters(size_t first, size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) absl::StrAppend(&text, i == 0 ? "$" : ", $", first + i);
  return text;
}

std::vector<sql::Value> PadToPowerOfTwo(std::vector<sql::Value> values) {
  size_t size = 1;
  while (size < values.size()) size *= 2;
  const sql::Value last = values.back();
  values.resize(size, last);
  return values;
}

}  // namespace veche::appeals
