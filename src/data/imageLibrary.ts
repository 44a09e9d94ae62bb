import sharp from 'sharp'

// libvips remembers files by name: a mask that was repaired and read again would still be the broken one.
sharp.cache(false)

export { sharp }
