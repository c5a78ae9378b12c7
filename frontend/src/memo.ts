/** What was made last, for as long as it is made of the very same things. */

export function memo<Parts extends unknown[], Made>(
    make: (...parts: Parts) => Made,
): (...parts: Parts) => Made {
    let last: { parts: Parts; made: Made } | undefined;
    return (...parts) => {
        if (!last?.parts.every((part, place) => part === parts[place])) {
            last = { parts, made: make(...parts) };
        }
        return last.made;
    };
}
