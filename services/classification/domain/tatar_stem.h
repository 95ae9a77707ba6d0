#pragma once

#include "absl/strings/string_view.h"

namespace veche::classification {

// The head of a folded Tatar word without its endings of plural, possession and case, cut from the
// outside in while at least three letters stay (two before a plural): «урамнарыбызда» and «урам»
// meet. Light rules: Tatar harmony makes each ending come in two or more spellings, all of which
// are listed.
absl::string_view TatarStem(absl::string_view folded_word);

}  // namespace veche::classification
