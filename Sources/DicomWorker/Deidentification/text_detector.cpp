#include "text_detector.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

namespace deidentification {

namespace {

constexpr long leastHeight = 5, mostHeight = 96;
// Characters of a line: at least so many, each as bright as the others, standing on one line.
constexpr std::size_t leastCharacters = 4;
constexpr int evenness = 14;
constexpr int leastContrast = 32;
// Pictures up to this size are looked at twice as large, too.
constexpr long mostEnlarged = 1024;

struct Glyph {
    Box box;
    long area = 0;
    int brightest = 0;
    double mean = 0;
    long height() const { return box.bottom - box.top; }
    long width() const { return box.right - box.left; }
};

// A line that was found: what else the same machine wrote looks alike, and may be shorter.
struct Writing {
    Box box;
    long height = 0;
    int brightest = 0;
};

// Connected pixels (eight neighbours) of `picture` at or above a threshold, by runs. How bright they
// are is said by `original`.
class Components {
public:
    Components(const GreyPicture &picture, const GreyPicture &original, int threshold) {
        struct Run { long from, to; int label; };
        std::vector<Run> above, current;
        for (long y = 0; y < picture.height; ++y) {
            current.clear();
            const std::uint8_t *row = picture.values.data() + y * picture.width;
            const std::uint8_t *values = original.values.data() + y * picture.width;
            std::size_t first = 0;
            for (long x = 0; x < picture.width;) {
                if (row[x] < threshold) { ++x; continue; }
                const long from = x;
                long sum = 0;
                int brightest = 0;
                for (; x < picture.width && row[x] >= threshold; ++x) {
                    sum += row[x];
                    brightest = std::max<int>(brightest, values[x]);
                }
                int label = -1;
                while (first < above.size() && above[first].to < from) ++first;
                for (std::size_t k = first; k < above.size() && above[k].from <= x; ++k) {
                    const int other = root(above[k].label);
                    label = label < 0 ? other : join(label, other);
                }
                if (label < 0) label = add();
                extend(label, {from, y, x, y + 1}, x - from, sum, brightest);
                current.push_back({from, x, label});
            }
            above.swap(current);
        }
    }

    std::vector<Glyph> glyphs() const {
        std::vector<Glyph> found;
        for (std::size_t i = 0; i < parents.size(); ++i) {
            if (parents[i] != int(i)) continue;
            const long height = boxes[i].bottom - boxes[i].top, width = boxes[i].right - boxes[i].left;
            if (height < leastHeight || height > mostHeight || width > 3 * height) continue;
            const double filled = double(areas[i]) / double(width * height);
            if (filled < 0.12 || (filled > 0.92 && width * 2 > height)) continue;
            found.push_back({boxes[i], areas[i], brightest[i], double(sums[i]) / double(areas[i])});
        }
        return found;
    }

private:
    int root(int label) {
        while (parents[label] != label) label = parents[label] = parents[parents[label]];
        return label;
    }
    int add() {
        parents.push_back(int(parents.size()));
        boxes.push_back({1L << 40, 1L << 40, 0, 0});
        areas.push_back(0);
        sums.push_back(0);
        brightest.push_back(0);
        return parents.back();
    }
    void extend(int label, const Box &box, long area, long sum, int bright) {
        Box &all = boxes[label];
        all = {std::min(all.left, box.left), std::min(all.top, box.top), std::max(all.right, box.right),
               std::max(all.bottom, box.bottom)};
        areas[label] += area;
        sums[label] += sum;
        brightest[label] = std::max(brightest[label], bright);
    }
    int join(int a, int b) {
        a = root(a);
        b = root(b);
        if (a == b) return a;
        parents[b] = a;
        extend(a, boxes[b], areas[b], sums[b], brightest[b]);
        return a;
    }

    std::vector<int> parents, brightest;
    std::vector<Box> boxes;
    std::vector<long> areas, sums;
};

// Brightness of what is around and between the strokes.
double around(const GreyPicture &picture, const Glyph &glyph, int threshold) {
    long sum = 0, count = 0;
    for (long y = std::max(0L, glyph.box.top - 1); y < std::min(picture.height, glyph.box.bottom + 1); ++y)
        for (long x = std::max(0L, glyph.box.left - 1); x < std::min(picture.width, glyph.box.right + 1); ++x) {
            const int value = picture.values[y * picture.width + x];
            if (value >= threshold) continue;
            sum += value;
            ++count;
        }
    return count == 0 ? 255 : double(sum) / double(count);
}

bool belongTogether(const Glyph &left, const Glyph &right) {
    const long height = std::max(left.height(), right.height());
    const long least = std::min(left.height(), right.height());
    if (least * 2 < height) return false;
    const long gap = right.box.left - left.box.right;
    if (gap > height + height / 2 || gap < -least / 2) return false;
    const long slack = std::max(2L, height / 5);
    const bool sameFoot = std::labs(left.box.bottom - right.box.bottom) <= slack;
    const bool sameHead = std::labs(left.box.top - right.box.top) <= slack;
    return (sameFoot || sameHead) && std::abs(left.brightest - right.brightest) <= evenness;
}

// A line of characters has one foot; spots in tissue have many, and each has another brightness.
bool isLine(const std::vector<const Glyph *> &line, const std::vector<Writing> &known) {
    if (line.size() < 2) return false;
    if (line.size() < leastCharacters) {
        const bool isKnown = std::any_of(known.begin(), known.end(), [&](const Writing &writing) {
            return std::all_of(line.begin(), line.end(), [&](const Glyph *glyph) {
                return glyph->height() * 2 > writing.height && glyph->height() * 3 < writing.height * 4 &&
                       std::abs(glyph->brightest - writing.brightest) <= evenness;
            });
        });
        if (!isKnown) return false;
    }
    std::vector<long> feet, heights;
    std::vector<int> bright;
    for (const Glyph *glyph : line) {
        feet.push_back(glyph->box.bottom);
        heights.push_back(glyph->height());
        bright.push_back(glyph->brightest);
    }
    std::nth_element(feet.begin(), feet.begin() + feet.size() / 2, feet.end());
    const long foot = feet[feet.size() / 2];
    const long tallest = *std::max_element(heights.begin(), heights.end());
    const long slack = std::max(1L, tallest / 12);
    const auto standing = std::count_if(feet.begin(), feet.end(), [&](long y) { return std::labs(y - foot) <= slack; });
    const auto [darkest, brightest] = std::minmax_element(bright.begin(), bright.end());
    return standing * 10 >= long(line.size()) * 7 && *brightest - *darkest <= evenness;
}

// How much brighter each pixel is than what surrounds it (a square of 25 pixels), so that letters
// upon bright tissue stand out as those upon black do.
GreyPicture localContrast(const GreyPicture &picture) {
    constexpr long reach = 12;
    const long width = picture.width, height = picture.height;
    std::vector<std::int64_t> sums(std::size_t((width + 1) * (height + 1)), 0);
    const auto at = [&](long x, long y) -> std::int64_t & { return sums[std::size_t(y * (width + 1) + x)]; };
    for (long y = 0; y < height; ++y)
        for (long x = 0; x < width; ++x)
            at(x + 1, y + 1) = picture.values[std::size_t(y * width + x)] + at(x, y + 1) + at(x + 1, y) - at(x, y);
    GreyPicture result{width, height, std::vector<std::uint8_t>(picture.values.size())};
    for (long y = 0; y < height; ++y)
        for (long x = 0; x < width; ++x) {
            const long left = std::max(0L, x - reach), right = std::min(width, x + reach + 1);
            const long top = std::max(0L, y - reach), bottom = std::min(height, y + reach + 1);
            const std::int64_t sum = at(right, bottom) - at(left, bottom) - at(right, top) + at(left, top);
            const std::int64_t mean = sum / ((right - left) * (bottom - top));
            const std::int64_t more = picture.values[std::size_t(y * width + x)] - mean;
            result.values[std::size_t(y * width + x)] = std::uint8_t(std::clamp<std::int64_t>(2 * more, 0, 255));
        }
    return result;
}

void addLines(const GreyPicture &picture, const GreyPicture &original, int threshold,
              const std::vector<Writing> &known, std::vector<Writing> &found) {
    auto glyphs = Components(picture, original, threshold).glyphs();
    std::erase_if(glyphs, [&](const Glyph &glyph) {
        return glyph.mean - around(picture, glyph, threshold) < leastContrast;
    });
    std::sort(glyphs.begin(), glyphs.end(), [](const Glyph &a, const Glyph &b) { return a.box.left < b.box.left; });
    std::vector<std::vector<const Glyph *>> lines;
    std::vector<bool> taken(glyphs.size(), false);
    for (std::size_t i = 0; i < glyphs.size(); ++i) {
        if (taken[i]) continue;
        std::vector<const Glyph *> line = {&glyphs[i]};
        std::vector<std::size_t> members = {i};
        for (std::size_t k = i + 1; k < glyphs.size(); ++k) {
            if (glyphs[k].box.left > line.back()->box.right + 2 * mostHeight) break;
            if (taken[k] || !belongTogether(*line.back(), glyphs[k])) continue;
            line.push_back(&glyphs[k]);
            members.push_back(k);
        }
        if (!isLine(line, known)) continue;
        Box box = line[0]->box;
        long height = 0;
        for (std::size_t k = 0; k < line.size(); ++k) {
            taken[members[k]] = true;
            height = std::max(height, line[k]->height());
            box = {std::min(box.left, line[k]->box.left), std::min(box.top, line[k]->box.top),
                   std::max(box.right, line[k]->box.right), std::max(box.bottom, line[k]->box.bottom)};
        }
        found.push_back({box, height, line[0]->brightest});
    }
}

void addLines(const GreyPicture &picture, const std::vector<Writing> &known, std::vector<Writing> &found) {
    for (int threshold : {48, 72, 104, 136, 168, 188, 204, 220, 236, 248, 253})
        addLines(picture, picture, threshold, known, found);
    const GreyPicture local = localContrast(picture);
    for (int threshold : {40, 64, 96, 140, 190}) addLines(local, picture, threshold, known, found);
}

// Twice as large, so that small letters that touch come apart.
GreyPicture enlarged(const GreyPicture &picture) {
    GreyPicture result{picture.width * 2, picture.height * 2, {}};
    result.values.resize(picture.values.size() * 4);
    for (long y = 0; y < result.height; ++y)
        for (long x = 0; x < result.width; ++x) {
            const long left = x / 2, top = y / 2;
            const long right = std::min(left + x % 2, picture.width - 1);
            const long bottom = std::min(top + y % 2, picture.height - 1);
            const auto at = [&](long column, long row) {
                return int(picture.values[std::size_t(row * picture.width + column)]);
            };
            result.values[std::size_t(y * result.width + x)] =
                std::uint8_t((at(left, top) + at(right, top) + at(left, bottom) + at(right, bottom) + 2) / 4);
        }
    return result;
}

std::vector<Box> boxes(const GreyPicture &picture) {
    GreyPicture inverted = picture;
    for (auto &value : inverted.values) value = std::uint8_t(255 - value);
    std::vector<Box> result;
    for (const GreyPicture *each : {&picture, static_cast<const GreyPicture *>(&inverted)}) {
        std::vector<Writing> known, found;
        addLines(*each, {}, known);
        if (!known.empty()) addLines(*each, known, found);
        for (const Writing &writing : known) result.push_back(writing.box);
        for (const Writing &writing : found) result.push_back(writing.box);
    }
    return result;
}

// Boxes that touch become one, with a margin for what the threshold cut off, and on both sides for
// letters that were lost in what is behind them.
std::vector<Box> merged(std::vector<Box> boxes, long width, long height) {
    for (Box &box : boxes) {
        const long margin = std::max(3L, (box.bottom - box.top) / 2);
        box = {std::max(0L, box.left - 8 * margin), std::max(0L, box.top - margin),
               std::min(width, box.right + 8 * margin), std::min(height, box.bottom + margin)};
    }
    for (bool changed = true; changed;) {
        changed = false;
        for (std::size_t i = 0; i < boxes.size(); ++i)
            for (std::size_t k = i + 1; k < boxes.size(); ++k) {
                const Box &a = boxes[i], &b = boxes[k];
                if (a.left > b.right || b.left > a.right || a.top > b.bottom || b.top > a.bottom) continue;
                boxes[i] = {std::min(a.left, b.left), std::min(a.top, b.top), std::max(a.right, b.right),
                            std::max(a.bottom, b.bottom)};
                boxes.erase(boxes.begin() + long(k));
                changed = true;
                break;
            }
    }
    return boxes;
}

}  // namespace

std::vector<Box> findText(const GreyPicture &picture) {
    if (picture.width <= 0 || picture.height <= 0) return {};
    std::vector<Box> found = boxes(picture);
    if (std::max(picture.width, picture.height) <= mostEnlarged)
        for (const Box &box : boxes(enlarged(picture)))
            found.push_back({box.left / 2, box.top / 2, (box.right + 1) / 2, (box.bottom + 1) / 2});
    return merged(std::move(found), picture.width, picture.height);
}

}  // namespace deidentification
