#include "text_detector.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

namespace deidentification {

namespace {

constexpr long leastHeight = 6, mostHeight = 96;
// Characters of a line: at least so many, each as bright as the others, standing on one line.
constexpr std::size_t leastCharacters = 4;
constexpr int evenness = 14;
constexpr int leastContrast = 48;

struct Glyph {
    Box box;
    long area = 0;
    int brightest = 0;
    double mean = 0;
    long height() const { return box.bottom - box.top; }
    long width() const { return box.right - box.left; }
};

// Connected pixels (eight neighbours) at or above a threshold, by runs.
class Components {
public:
    Components(const GreyPicture &picture, int threshold) {
        struct Run { long from, to; int label; };
        std::vector<Run> above, current;
        for (long y = 0; y < picture.height; ++y) {
            current.clear();
            const std::uint8_t *row = picture.values.data() + y * picture.width;
            std::size_t first = 0;
            for (long x = 0; x < picture.width;) {
                if (row[x] < threshold) { ++x; continue; }
                const long from = x;
                long sum = 0;
                int brightest = 0;
                for (; x < picture.width && row[x] >= threshold; ++x) {
                    sum += row[x];
                    brightest = std::max<int>(brightest, row[x]);
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
bool isLine(const std::vector<const Glyph *> &line) {
    if (line.size() < leastCharacters) return false;
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

void addLines(const GreyPicture &picture, int threshold, std::vector<Box> &found) {
    auto glyphs = Components(picture, threshold).glyphs();
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
        if (!isLine(line)) continue;
        Box box = line[0]->box;
        for (std::size_t k = 0; k < line.size(); ++k) {
            taken[members[k]] = true;
            box = {std::min(box.left, line[k]->box.left), std::min(box.top, line[k]->box.top),
                   std::max(box.right, line[k]->box.right), std::max(box.bottom, line[k]->box.bottom)};
        }
        found.push_back(box);
    }
}

// Boxes that touch become one, with a margin for what the threshold cut off.
std::vector<Box> merged(std::vector<Box> boxes, long width, long height) {
    for (Box &box : boxes) {
        const long margin = std::max(3L, (box.bottom - box.top) / 2);
        box = {std::max(0L, box.left - 2 * margin), std::max(0L, box.top - margin),
               std::min(width, box.right + 2 * margin), std::min(height, box.bottom + margin)};
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
    std::vector<Box> found;
    if (picture.width <= 0 || picture.height <= 0) return found;
    GreyPicture inverted = picture;
    for (auto &value : inverted.values) value = std::uint8_t(255 - value);
    for (const GreyPicture *each : {&picture, static_cast<const GreyPicture *>(&inverted)})
        for (int threshold : {72, 104, 136, 168, 200, 228, 248}) addLines(*each, threshold, found);
    return merged(std::move(found), picture.width, picture.height);
}

}  // namespace deidentification
